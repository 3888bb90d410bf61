import { Skeleton } from "@/components/ui/skeleton";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { ParameterList } from "../parameter-list";
import { AccessStep } from "./access-step";
import { DetailsStep } from "./details-step";
import { choicesOf, type Step } from "./draft";
import { ReviewStep } from "./review-step";
import type { StepProps, WizardOffer } from "./step-props";
import { WorkspaceStep } from "./workspace-step";

/** The fields of one step. */
export function StepFields({
  step,
  workspace,
  offer,
  onGo,
  ...fields
}: StepProps & {
  step: Step;
  /** The chosen workspace; null until it is loaded. */
  workspace: WorkspaceView | null;
  offer: WizardOffer;
  onGo: (step: Step) => void;
}) {
  const { draft, change, problems } = fields;
  switch (step) {
    case "details":
      return <DetailsStep {...fields} />;
    case "workspace":
      return <WorkspaceStep {...fields} offer={offer.workspaces} />;
    case "parameters":
      if (!workspace) return <Skeleton className="h-48" />;
      return (
        <ParameterList
          published={workspace.parameters}
          choices={choicesOf(draft, workspace)}
          onChange={(parameters) => change({ parameters })}
          problems={problems}
        />
      );
    case "access":
      return <AccessStep {...fields} grantable={offer.grantable} daysMax={offer.daysMax} />;
    case "review":
      if (!workspace) return <Skeleton className="h-96" />;
      return <ReviewStep draft={draft} workspace={workspace} onGo={onGo} />;
  }
}
