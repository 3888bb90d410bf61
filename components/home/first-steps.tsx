import { CircleCheck, CircleDashed } from "lucide-react";
import Link from "next/link";
import { Card } from "@/components/ui/section";
import type { FirstStep, StepState } from "@/lib/account/schema";

/** A checklist for new users. Each step is ticked once it is done. Nothing when all are done. */
export function FirstSteps({ steps }: { steps: StepState[] }) {
  const doneCount = steps.filter(({ isDone }) => isDone).length;
  if (doneCount === steps.length) return null;
  return (
    <Card flush>
      <div className="flex items-baseline justify-between border-b border-line px-4 py-3">
        <h2 className="font-medium">First steps</h2>
        <p className="text-sm text-muted tabular-nums">
          {doneCount} of {steps.length} done
        </p>
      </div>
      <ol className="divide-y divide-line">
        {steps.map(({ step, isDone }) => {
          const { title, text, href } = words[step];
          return (
            <li key={step} className="flex items-start gap-3 px-4 py-3">
              {isDone ? (
                <CircleCheck aria-label="Done" className="mt-0.5 size-4 shrink-0 text-ok" />
              ) : (
                <CircleDashed aria-label="To do" className="mt-0.5 size-4 shrink-0 text-muted" />
              )}
              <div className="min-w-0">
                {isDone ? (
                  <span className="text-muted line-through">{title}</span>
                ) : (
                  <Link href={href} className="rounded-[4px] font-medium underline-offset-4 hover:underline">
                    {title}
                  </Link>
                )}
                {!isDone && <p className="text-sm text-muted">{text}</p>}
              </div>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

const words: Record<FirstStep, { title: string; text: string; href: string }> = {
  token: {
    title: "Create a token",
    text: "Programs use a token instead of your password, with only the permissions that you choose.",
    href: "/settings/tokens/new",
  },
  use: {
    title: "Use it",
    text: "Send it with a request, for example with the curl command that is shown with the new token.",
    href: "/settings/tokens",
  },
  publish: {
    title: "Publish a workspace",
    text: "A workspace is an SQL query with parameters, which others can run.",
    href: "/workspaces/-/publish",
  },
  run: {
    title: "Run a workspace",
    text: "Choose one, fill in its parameters and see the result as a table, map or chart.",
    href: "/workspaces",
  },
  app: {
    title: "Make an app",
    text: "An app is a page on which people without an account run a workspace.",
    href: "/apps/new",
  },
};
