import type { GrantableItems } from "@/lib/tokens/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import type { WizardDraft } from "./draft";

/** What every step of the wizard works with. */
export interface StepProps {
  draft: WizardDraft;
  change: (change: Partial<WizardDraft>) => void;
  /** What is wrong, by field. */
  problems: Record<string, string>;
}

/** What the wizard is given to choose from. */
export interface WizardOffer {
  /** Workspaces that may be run; `isCut` when there are more. */
  workspaces: { items: WorkspaceView[]; isCut: boolean };
  grantable: GrantableItems;
  /** The longest that a token may live on this server. */
  daysMax: number;
}
