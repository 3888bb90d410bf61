import Link from "next/link";
import { routes } from "@/app/api/v1/routes";
import { Mark } from "@/components/ui/mark";
import { PageHeader } from "@/components/ui/page-header";
import { ownOrigins } from "@/lib/auth/origins";
import { type ApiDocument, describeApi } from "@/lib/openapi/document";
import { anchorOf, groupsOf } from "@/lib/openapi/groups";
import { membersOf } from "@/lib/openapi/schema-labels";
import { Contents } from "./contents";
import { Members } from "./members";
import { OperationArticle } from "./operation";
import { Problems } from "./problems";

export const metadata = { title: "API reference" };

/** The API document as a page. It is public. */
export default function ApiPage() {
  const [origin = ""] = ownOrigins();
  const document = describeApi(routes, origin);
  const groups = groupsOf(document);
  return (
    <div className="mx-auto max-w-6xl px-4 py-6 sm:px-6">
      <header className="mb-6">
        <Link href="/" className="inline-flex min-h-6 items-center gap-2 font-semibold">
          <Mark /> Tessera
        </Link>
      </header>
      <div className="grid gap-x-10 lg:grid-cols-[15rem_minmax(0,1fr)]">
        <Contents groups={groups} />
        <main className="flex min-w-0 flex-col gap-8">
          <Introduction origin={origin} />
          {groups.map(({ name, operations }) => (
            <section key={name} aria-labelledby={`group-${name}`} id={anchorOf(name)} className="scroll-mt-4">
              <h2 id={`group-${name}`} className="border-b border-line pb-2 text-lg font-semibold">
                {name}
              </h2>
              <div className="divide-y divide-line">
                {operations.map((listed) => (
                  <OperationArticle key={listed.operation.operationId} origin={origin} {...listed} />
                ))}
              </div>
            </section>
          ))}
          <Schemas schemas={document.components.schemas} />
          <Problems />
        </main>
      </div>
    </div>
  );
}

function Introduction({ origin }: { origin: string }) {
  return (
    <div className="flex flex-col gap-3">
      <PageHeader
        title="API reference"
        description="The REST API of this server. Programs can do everything that you can do on these pages."
      />
      <div className="flex max-w-prose flex-col gap-3">
        <p>
          Create a token in{" "}
          <Link href="/settings/tokens" className="text-clay-ink underline underline-offset-2">
            Manage Tokens
          </Link>{" "}
          and send it as <code className="font-mono text-sm">Authorization: Bearer …</code>.
        </p>
        <p>
          Times are RFC 3339 in UTC. Lists return <code className="font-mono text-sm">items</code> and{" "}
          <code className="font-mono text-sm">nextCursor</code>; pass it as{" "}
          <code className="font-mono text-sm">?cursor=</code> to get the next page. Unknown fields and parameters are
          rejected, so typos don't go unnoticed.
        </p>
        <p>
          Tools can read the{" "}
          <a href="/api/v1/openapi.json" className="text-clay-ink underline underline-offset-2">
            OpenAPI 3.1 document
          </a>{" "}
          for {origin}.
        </p>
      </div>
    </div>
  );
}

function Schemas({ schemas }: { schemas: ApiDocument["components"]["schemas"] }) {
  return (
    <section aria-labelledby="schemas" className="flex flex-col gap-6">
      <h2 id="schemas" className="border-b border-line pb-2 text-lg font-semibold">
        Schemas
      </h2>
      {Object.entries(schemas).map(([name, schema]) => (
        <section
          key={name}
          id={`schema-${name}`}
          aria-label={`Schema ${name}`}
          className="flex scroll-mt-4 flex-col gap-2"
        >
          <h3 className="font-semibold">{name}</h3>
          <Members of={membersOf(schema)} />
        </section>
      ))}
    </section>
  );
}
