import type { ReactNode } from "react";
import { useServerNow } from "@/components/forms/server-clock";
import { Button } from "@/components/ui/button";
import { exactTime } from "@/components/ui/relative-time";
import { Card, Fact, Facts } from "@/components/ui/section";
import { useOrigin } from "@/components/ui/use-origin";
import { describePermission, runPermission } from "@/lib/permissions/catalog";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { expiresAtOf } from "../../tokens/expiration";
import { appPath } from "../cells";
import { choicesOf, type Step, slugOf, stepNames, type WizardDraft } from "./draft";

/** A summary of the input before the app is created. */
export function ReviewStep({
  draft,
  workspace,
  onGo,
}: {
  draft: WizardDraft;
  workspace: WorkspaceView;
  onGo: (step: Step) => void;
}) {
  const origin = useOrigin();
  const { hidden, values } = choicesOf(draft, workspace);
  const now = useServerNow();
  const expires = now && expiresAtOf(draft.expiration, now);
  return (
    <>
      <Part step="details" onGo={onGo}>
        <Fact name="Name">{draft.name}</Fact>
        <Fact name="URL">
          <span className="break-all">
            {origin}
            {appPath(slugOf(draft))}
          </span>
        </Fact>
        <Fact name="Description">{draft.description || <None />}</Fact>
      </Part>
      <Part step="workspace" onGo={onGo}>
        <Fact name={workspace.title}>
          <span className="font-mono text-sm break-all">
            {workspace.repository}/{workspace.name}
          </span>
        </Fact>
      </Part>
      <Part step="parameters" onGo={onGo}>
        {workspace.parameters.length === 0 && <Fact name="Parameters">None</Fact>}
        {workspace.parameters.map(({ name, label }) => (
          <Fact key={name} name={label}>
            {hidden.includes(name) ? "Hidden, always " : "Shown to visitors, default "}
            {values[name]?.trim() ? <strong className="font-medium">{values[name]}</strong> : "empty"}
          </Fact>
        ))}
      </Part>
      <Part step="access" onGo={onGo}>
        <Fact name="Expires">{expires ? exactTime(expires) : <None />}</Fact>
        <Fact name="Token permissions">
          <ul>
            {[runPermission(workspace), ...draft.permissions].map((permission) => (
              <li key={permission}>{describePermission(permission)}</li>
            ))}
          </ul>
        </Fact>
        {draft.frameOrigins.length > 0 && (
          <Fact name="Allowed sites for embedding">
            <span className="break-all">{draft.frameOrigins.join(", ")}</span>
          </Fact>
        )}
      </Part>
    </>
  );
}

function Part({ step, onGo, children }: { step: Step; onGo: (step: Step) => void; children: ReactNode }) {
  return (
    <Card>
      <div className="mb-2 flex items-center justify-between gap-4">
        <h3 className="font-medium">{stepNames[step]}</h3>
        <Button size="sm" variant="quiet" onClick={() => onGo(step)}>
          Edit<span className="sr-only"> {stepNames[step].toLowerCase()}</span>
        </Button>
      </div>
      <Facts>{children}</Facts>
    </Card>
  );
}

const None = () => <span className="text-muted">None</span>;
