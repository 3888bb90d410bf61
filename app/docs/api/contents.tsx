import { anchorOf, type Group } from "@/lib/openapi/groups";

/** Links to every operation: beside the page, or collapsed above it on a narrow screen. */
export function Contents({ groups }: { groups: Group[] }) {
  return (
    <>
      <nav aria-label="Operations" className="mb-6 rounded border border-line bg-surface px-3 py-2 lg:hidden">
        <details>
          <summary className="min-h-6 font-medium">Contents</summary>
          <div className="pt-3">
            <Links groups={groups} />
          </div>
        </details>
      </nav>
      <nav
        aria-label="Operations"
        className="sticky top-6 hidden max-h-[calc(100dvh-3rem)] self-start overflow-y-auto lg:block"
      >
        <Links groups={groups} />
      </nav>
    </>
  );
}

function Links({ groups }: { groups: Group[] }) {
  return (
    <ul className="flex flex-col gap-4">
      {groups.map(({ name, operations }) => (
        <li key={name}>
          <a href={`#${anchorOf(name)}`} className="inline-flex min-h-6 items-center font-medium hover:text-clay-ink">
            {name}
          </a>
          <ul>
            {operations.map(({ operation: { operationId, summary } }) => (
              <li key={operationId}>
                <a href={`#${operationId}`} className="flex min-h-6 items-center text-sm text-muted hover:text-ink">
                  {summary}
                </a>
              </li>
            ))}
          </ul>
        </li>
      ))}
      {[...furtherParts].map(([anchor, name]) => (
        <li key={anchor}>
          <a href={`#${anchor}`} className="inline-flex min-h-6 items-center font-medium hover:text-clay-ink">
            {name}
          </a>
        </li>
      ))}
    </ul>
  );
}

const furtherParts = new Map([
  ["schemas", "Schemas"],
  ["problems", "Errors"],
]);
