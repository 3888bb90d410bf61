import type { GrantableItems } from "@/lib/tokens/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import type { WizardDraft } from "./draft";

/** The props of each step. */
export interface StepProps {
  draft: WizardDraft;
  change: (change: Partial<WizardDraft>) => void;
  /** The draft comes from another app. */
  isCopy: boolean;
  /** Problems by field. */
  problems: Record<string, string>;
}

/** What the user can choose from. */
export interface WizardOffer {
  /** Workspaces that the user may run; `isCut` if there are more. */
  workspaces: { items: WorkspaceView[]; isCut: boolean };
  grantable: GrantableItems;
  /** The server's maximum lifetime of a token. */
  daysMax: number;
}
