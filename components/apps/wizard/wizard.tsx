"use client";

import { useRouter } from "next/navigation";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { Skeleton } from "@/components/ui/skeleton";
import type { AppDraft, AppView } from "@/lib/apps/schema";
import { defaultDays } from "../expiration";
import TokenReveal from "../token-reveal";
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

const stepInUrl = parseAsStringLiteral(steps).withDefault("details").withOptions({ history: "push" });

/**
 * Creates an app step by step. The step is in the URL and the input in the tab's storage, so that Back, reloading and leaving
 * the page lose nothing. A step can only be reached when the steps before it are complete.
 */
export function Wizard({
  start,
  isCopy,
  draftKey,
  offer,
}: {
  start: AppDraft;
  /** `start` comes from another app. */
  isCopy: boolean;
  /** Identifies the draft by its user and by what it was started from. */
  draftKey: string;
  offer: WizardOffer;
}) {
  const days = defaultDays(offer.daysMax);
  const { draft, workspace, keep, clear, startOver } = useWizardDraft(start, draftKey, offer, days);
  const [requested, setStep] = useQueryState("step", stepInUrl);
  const [tried, setTried] = useState<Step | null>(null);
  const [refusal, setRefusal] = useState<{ message: string; field?: string } | null>(null);

  const furthest = draft ? firstIncomplete(draft, workspace) : "details";
  const step = steps[Math.min(steps.indexOf(requested), steps.indexOf(furthest))] ?? "details";
  const { form, focusProblem } = useFormFocus(step, draft !== null);

  const { create, created, isBusy } = useCreation({
    defaultDays: days,
    onSent: (sent) => keep({ sent }),
    onDone: clear,
    onRefused(problem) {
      setRefusal(problem);
      const place = placeOf(problem.field);
      if (place) setStep(place.step);
      focusProblem();
    },
  });

  useReachableStep(draft !== null, requested, step, setStep, setTried);
  if (!draft) return <Skeleton className="h-96" />;

  const isAtField = refusal !== null && isShownAt(placeOf(refusal.field), step);
  const problems = { ...(tried === step && problemsAt(step, draft, workspace)), ...problemOf(refusal, step) };

  function change(changed: Partial<WizardDraft>) {
    setRefusal(null);
    keep({ ...changed, sent: null });
  }

  function reset() {
    startOver();
    setTried(null);
    setRefusal(null);
    setStep("details");
  }

  function goOn(event: FormEvent) {
    event.preventDefault();
    if (!draft) return;
    const next = stepAfter(step);
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
        <StepFields {...{ step, draft, isCopy, change, problems, workspace, offer }} onGo={setStep} />
        {refusal && !isAtField && <Notice tone="bad">{refusal.message}</Notice>}
        <WizardButtons step={step} isBusy={isBusy} onBack={setStep} onStartOver={reset} />
      </form>
      {created?.value && <CreatedApp app={created} value={created.value} />}
    </div>
  );
}

function CreatedApp({ app, value }: { app: AppView; value: string }) {
  const router = useRouter();
  return <TokenReveal app={app} value={value} onDone={() => router.push(`/apps/${app.slug}`)} />;
}

function WizardButtons({
  step,
  isBusy,
  onBack,
  onStartOver,
}: {
  step: Step;
  isBusy: boolean;
  onBack: (step: Step) => void;
  onStartOver: () => void;
}) {
  const next = stepAfter(step);
  const previous = steps[steps.indexOf(step) - 1];
  return (
    <div className="flex flex-wrap gap-2">
      {previous && <Button onClick={() => onBack(previous)}>Back</Button>}
      <Button type="submit" variant="primary" busy={isBusy}>
        {next ? `Next: ${stepNames[next]}` : "Create app"}
      </Button>
      <Button variant="quiet" className="ml-auto" onClick={onStartOver}>
        Start over
      </Button>
    </div>
  );
}

const stepAfter = (step: Step): Step | undefined => steps[steps.indexOf(step) + 1];

const publishedIn = ({ workspaces }: WizardOffer, start: AppDraft) =>
  workspaces.items.find(({ repository, name }) => repository === start.repository && name === start.workspace)
    ?.parameters ?? [];

/** Does a field of this step show the problem? A problem of all parameters has no field. */
const isShownAt = (place: ReturnType<typeof placeOf>, step: Step) =>
  place?.step === step && (step !== "parameters" || place.field !== "parameters");

/** A refusal of the API as the problem of its field, if the field belongs to this step. */
function problemOf(refusal: { message: string; field?: string } | null, step: Step): Record<string, string> {
  const place = placeOf(refusal?.field);
  return refusal && place?.step === step ? { [place.field]: refusal.message } : {};
}

/** The stored draft and its workspace. A workspace that was removed meanwhile is no longer chosen. */
function useWizardDraft(start: AppDraft, draftKey: string, offer: WizardOffer, days: ReturnType<typeof defaultDays>) {
  const opening = openingDraft(start, publishedIn(offer, start), days);
  const { draft: stored, ...storage } = useStoredDraft(draftKey, opening);
  const { workspace, isGone } = useChosenWorkspace(stored?.workspace ?? null, offer.workspaces.items);
  const draft = stored && isGone ? { ...stored, workspace: null } : stored;
  return { draft, workspace, ...storage };
}

/** Replaces a requested step that is not reachable yet by the first incomplete one, which then shows what is missing. */
function useReachableStep(
  isReady: boolean,
  requested: Step,
  step: Step,
  setStep: (step: Step, options: { history: "replace" }) => unknown,
  setTried: (step: Step) => void,
): void {
  useEffect(() => {
    if (!isReady || requested === step) return;
    setStep(step, { history: "replace" });
    setTried(step);
  }, [isReady, requested, step, setStep, setTried]);
}

/** Moves the focus to the heading of a new step, and to the first problem on request. */
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
