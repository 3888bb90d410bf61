"use client";

import { useRouter } from "next/navigation";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { type FormEvent, lazy, Suspense, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import type { AppDraft } from "@/lib/apps/schema";
import { defaultDays } from "../expiration";
import {
  firstIncomplete,
  openingDraft,
  placeOf,
  problemsAt,
  type Step,
  stepNames,
  steps,
  type WizardDraft,
} from "./draft";
import { StepFields } from "./step-fields";
import type { WizardOffer } from "./step-props";
import { Stepper } from "./stepper";
import { useChosenWorkspace } from "./use-chosen-workspace";
import { useCreation } from "./use-creation";
import { useStoredDraft } from "./use-stored-draft";

const loadTokenReveal = () => import("../token-reveal");
const TokenReveal = lazy(loadTokenReveal);

const stepInUrl = parseAsStringLiteral(steps).withDefault("details").withOptions({ history: "push" });

/**
 * Makes an app, step by step. The step is in the address, what was entered in the tab's storage: Back, reloading and
 * going elsewhere lose nothing. Nobody gets past a step that is not complete, whichever way they come.
 */
export function Wizard({
  start,
  draftKey,
  offer,
}: {
  start: AppDraft;
  /** Whose draft, begun from what. */
  draftKey: string;
  offer: WizardOffer;
}) {
  const router = useRouter();
  const days = defaultDays(offer.daysMax);
  const opening = openingDraft(start, publishedIn(offer, start), days);
  const { draft: kept, keep, clear, startOver } = useStoredDraft(draftKey, opening);
  const { workspace, isGone } = useChosenWorkspace(kept?.workspace ?? null, offer.workspaces.items);
  const [asked, setStep] = useQueryState("step", stepInUrl);
  const [tried, setTried] = useState<Step | null>(null);
  const [refusal, setRefusal] = useState<{ message: string; field?: string } | null>(null);

  const draft = kept && isGone ? { ...kept, workspace: null } : kept;
  const furthest = draft ? firstIncomplete(draft, workspace) : "details";
  const step = steps[Math.min(steps.indexOf(asked), steps.indexOf(furthest))] ?? "details";
  const { form, focusProblem } = useFormFocus(step, draft !== null);

  const { create, created, isBusy } = useCreation({
    usualDays: days,
    prepare: loadTokenReveal,
    onSent: (sent) => keep({ sent }),
    onDone: clear,
    onRefused(problem) {
      setRefusal(problem);
      const place = placeOf(problem.field);
      if (place) setStep(place.step);
      focusProblem();
    },
  });

  // Whoever jumped ahead is brought to the first step that is not complete, and told what is missing.
  useEffect(() => {
    if (!draft || asked === step) return;
    setStep(step, { history: "replace" });
    setTried(step);
  }, [draft, asked, step, setStep]);

  if (!draft) return <Skeleton className="h-96" />;

  const next = steps[steps.indexOf(step) + 1];
  const previous = steps[steps.indexOf(step) - 1];
  const place = placeOf(refusal?.field);
  const problems = {
    ...(tried === step ? problemsAt(step, draft, workspace) : {}),
    ...(refusal && place?.step === step ? { [place.field]: refusal.message } : {}),
  };

  function change(changed: Partial<WizardDraft>) {
    setRefusal(null);
    keep({ ...changed, sent: null });
  }

  function goOn(event: FormEvent) {
    event.preventDefault();
    if (!draft) return;
    if (Object.keys(problemsAt(step, draft, workspace)).length > 0) {
      setTried(step);
      focusProblem();
    } else if (next) setStep(next);
    else if (workspace) void create(draft, workspace);
  }

  return (
    <div className="flex flex-col gap-6">
      <Stepper current={step} furthest={furthest} onGo={setStep} />
      <form ref={form} noValidate onSubmit={goOn} className="flex max-w-3xl flex-col gap-6">
        <h2 tabIndex={-1} className="text-base font-semibold outline-none md:sr-only">
          {stepNames[step]}
        </h2>
        <StepFields {...{ step, draft, change, problems, workspace, offer }} onGo={setStep} />
        {refusal && !(place && place.step === step && isShown(place.field, step)) && (
          <Notice tone="bad">{refusal.message}</Notice>
        )}
        <div className="flex flex-wrap gap-2">
          {previous && <Button onClick={() => setStep(previous)}>Back</Button>}
          <Button type="submit" variant="primary" busy={isBusy}>
            {next ? `Next: ${stepNames[next]}` : "Create app"}
          </Button>
          <Button
            variant="quiet"
            className="ml-auto"
            onClick={() => {
              startOver();
              setTried(null);
              setRefusal(null);
              setStep("details");
            }}
          >
            Start over
          </Button>
        </div>
      </form>
      {created?.value && (
        <Suspense>
          <TokenReveal app={created} value={created.value} onDone={() => router.push(`/apps/${created.slug}`)} />
        </Suspense>
      )}
    </div>
  );
}

const publishedIn = ({ workspaces }: WizardOffer, start: AppDraft) =>
  workspaces.items.find(({ repository, name }) => repository === start.repository && name === start.workspace)
    ?.parameters ?? [];

/** The step's fields show their own problems; what is about all parameters at once has no field. */
const isShown = (field: string, step: Step) => step !== "parameters" || field !== "parameters";

/** Puts the focus on the heading of a step that was gone to, and on what is wrong when one cannot go on. */
function useFormFocus(step: Step, isReady: boolean) {
  const form = useRef<HTMLFormElement>(null);
  const shown = useRef<Step | null>(null);

  useEffect(() => {
    if (!isReady) return;
    if (shown.current && shown.current !== step) form.current?.querySelector("h2")?.focus();
    shown.current = step;
  }, [step, isReady]);

  const focusProblem = () =>
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>("[aria-invalid], [data-problem] input")?.focus(),
    );

  return { form, focusProblem };
}
