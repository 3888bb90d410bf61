import { useEffect, useState } from "react";
import { ApiProblem, api } from "@/components/forms/api";
import { FieldError } from "@/components/forms/field";
import { SearchInput } from "@/components/forms/search-input";
import { Badge } from "@/components/ui/status";
import { containsNormalized } from "@/lib/text";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import { outputName } from "../../workspaces/output-name";
import type { StepProps } from "./step-props";

interface Offer {
  items: WorkspaceView[];
  /** True if there are more, which a search finds. */
  isCut: boolean;
}

/** Chooses the app's workspace among those that the user may run. */
export function WorkspaceStep({ draft, change, problems, offer }: StepProps & { offer: Offer }) {
  const [wanted, setWanted] = useState("");
  const { items, isCut, problem } = useOffer(wanted.trim(), offer);

  function choose({ repository, name }: WorkspaceView) {
    if (draft.workspace?.repository === repository && draft.workspace.name === name) return;
    // The parameters belong to the former workspace.
    change({ workspace: { repository, name }, parameters: null });
  }

  return (
    <fieldset data-problem={problems.workspace ? "" : undefined} className="flex min-w-0 flex-col gap-2">
      <legend className="sr-only">Workspace</legend>
      <SearchInput
        label="Search workspaces"
        placeholder="Search workspaces"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <FieldError>{problems.workspace}</FieldError>
      {items.length === 0 ? (
        <p role="status" className="rounded border border-dashed border-line px-4 py-6 text-center text-muted">
          {problem ??
            (wanted.trim()
              ? `No workspaces that you can run match “${wanted.trim()}”.`
              : "There are no workspaces that you can run.")}
        </p>
      ) : (
        <ul className="max-h-112 divide-y divide-line overflow-y-auto rounded border border-line bg-surface">
          {items.map((workspace) => (
            <li key={`${workspace.repository}/${workspace.name}`}>
              <WorkspaceChoice
                workspace={workspace}
                checked={
                  workspace.repository === draft.workspace?.repository && workspace.name === draft.workspace.name
                }
                onChoose={() => choose(workspace)}
              />
            </li>
          ))}
        </ul>
      )}
      {isCut && <p className="text-sm text-muted">There are more workspaces. Search to find them.</p>}
    </fieldset>
  );
}

function WorkspaceChoice({
  workspace: { repository, name, title, description, output },
  checked,
  onChoose,
}: {
  workspace: WorkspaceView;
  checked: boolean;
  onChoose: () => void;
}) {
  return (
    <label className="flex gap-3 px-4 py-3 transition-colors hover:bg-sunken/60 has-checked:bg-clay-wash has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-clay">
      <input
        type="radio"
        name="workspace"
        value={`${repository}/${name}`}
        checked={checked}
        onChange={onChoose}
        className="relative mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-edge bg-surface outline-none before:absolute before:inset-[3px] before:rounded-full checked:border-clay checked:before:bg-clay"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{title}</span>
          <span className="font-mono text-sm break-all text-muted">
            {repository}/{name}
          </span>
        </span>
        {description && <span className="line-clamp-2 text-muted">{description}</span>}
      </span>
      <Badge>{outputName(output)}</Badge>
    </label>
  );
}

const debounceMs = 200;
const offeredMax = 50;

/** The workspaces for a search: filtered in the browser when the page has all of them, otherwise by the server. */
function useOffer(wanted: string, offer: Offer): Offer & { problem?: string } {
  const [found, setFound] = useState<(Offer & { for: string; problem?: string }) | null>(null);

  useEffect(() => {
    if (wanted === "" || !offer.isCut) return;
    let isCurrent = true;
    const query = new URLSearchParams({ q: wanted, limit: String(offeredMax) });
    const keep = (answer: Offer & { problem?: string }) => isCurrent && setFound({ for: wanted, ...answer });
    const timer = setTimeout(() => {
      api<{ items: WorkspaceView[]; nextCursor: string | null }>("GET", `/api/v1/workspaces?${query}`).then(
        ({ items, nextCursor }) => keep({ items: items.filter(({ can }) => can.run), isCut: nextCursor !== null }),
        (error) => {
          if (!(error instanceof ApiProblem)) throw error;
          keep({ items: [], isCut: false, problem: error.message });
        },
      );
    }, debounceMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted, offer.isCut]);

  if (wanted === "") return offer;
  if (offer.isCut) return found?.for === wanted ? found : offer;
  const fits = (text: string) => containsNormalized(text, wanted);
  return {
    isCut: false,
    items: offer.items.filter(({ repository, name, title, description }) =>
      [`${repository}/${name}`, title, description].some(fits),
    ),
  };
}
