import { Check } from "lucide-react";
import { cx } from "@/components/ui/cx";
import { type Step, stepNames, steps } from "./draft";

/** The steps of the wizard with links to the reachable ones. On a narrow screen the heading below names the step. */
export function Stepper({ current, furthest, onGo }: { current: Step; furthest: Step; onGo: (step: Step) => void }) {
  const reach = steps.indexOf(furthest);
  const here = steps.indexOf(current);
  return (
    <nav aria-label="Steps" className="border-b border-line">
      <ol className="flex gap-x-3 md:gap-x-4 lg:gap-x-6">
        {steps.map((step, at) => (
          <li key={step} className="relative shrink-0">
            <button
              type="button"
              disabled={at > reach}
              aria-current={at === here ? "step" : undefined}
              onClick={() => onGo(step)}
              className={cx(
                "group -mb-px flex h-9 items-center gap-2 border-b-2 border-transparent px-0.5 text-muted transition-colors enabled:hover:text-ink",
                "focus-visible:-outline-offset-2 aria-[current=step]:border-clay aria-[current=step]:font-medium aria-[current=step]:text-ink",
              )}
            >
              <span
                aria-hidden
                className="flex size-5 items-center justify-center rounded-full border border-edge/60 text-xs tabular-nums group-aria-[current=step]:border-clay group-aria-[current=step]:bg-clay group-aria-[current=step]:text-on-clay [&_svg]:size-3"
              >
                {at < here ? <Check /> : at + 1}
              </span>
              <span className="max-md:sr-only">{stepNames[step]}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
