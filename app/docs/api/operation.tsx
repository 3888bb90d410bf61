import { CopyButton } from "@/components/ui/copy-button";
import { Badge } from "@/components/ui/status";
import { curlCommand } from "@/lib/openapi/curl-command";
import type { DescribedOperation } from "@/lib/openapi/document";
import { membersOf } from "@/lib/openapi/schema-labels";
import type { JsonSchema } from "@/lib/openapi/schemas";
import { Members, TypeOf } from "./members";
import { Prose } from "./prose";

interface OperationProps {
  origin: string;
  method: string;
  path: string;
  operation: DescribedOperation;
}

/** Describes an operation: its purpose, parameters, body and responses, and a command that calls it. */
export function OperationArticle({ origin, method, path, operation }: OperationProps) {
  const { operationId, summary, description, parameters, requestBody, responses, security } = operation;
  return (
    <article id={operationId} aria-labelledby={`${operationId}-title`} className="flex scroll-mt-4 flex-col gap-3 py-6">
      <div>
        <div className="flex flex-wrap items-baseline gap-2">
          <h3 id={`${operationId}-title`} className="text-base font-semibold">
            {summary}
          </h3>
          {security.length === 0 && <Badge>public</Badge>}
        </div>
        <p className="mt-1 font-mono text-sm break-all">
          <span className="font-semibold text-clay-ink">{method.toUpperCase()}</span> {path}
        </p>
        {description !== `${summary}.` && (
          <p className="mt-2 max-w-prose">
            <Prose>{description}</Prose>
          </p>
        )}
      </div>
      {parameters.length > 0 && (
        <Part title="Parameters">
          <Members
            required
            of={parameters.map(({ name, schema, description, required, in: place }) => ({
              name,
              required,
              place,
              schema: { ...schema, description },
            }))}
          />
        </Part>
      )}
      {requestBody && <Body content={requestBody.content} />}
      <Part title="Responses">
        <Answers responses={responses} />
      </Part>
      <Command text={curlCommand(origin, method, path, operation)} />
    </article>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="flex flex-col gap-1.5">
      <h4 className="text-sm font-medium text-muted">{title}</h4>
      {children}
    </section>
  );
}

function Body({ content }: { content: Record<string, { schema: JsonSchema }> }) {
  const [medium] = Object.values(content);
  const members = membersOf(medium?.schema ?? {});
  return (
    <Part title={`Body · ${Object.keys(content).join(" or ")}`}>
      {members.length > 0 && <Members of={members} required />}
    </Part>
  );
}

/** Describes the successful responses, and lists the errors by status only. */
function Answers({ responses }: { responses: DescribedOperation["responses"] }) {
  const own = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  const refusals = Object.keys(responses).filter((status) => /^[45]/.test(status));
  return (
    <ul className="flex flex-col gap-2">
      {own.map(([status, answer]) => (
        <li key={status} className="flex flex-col gap-1.5">
          <Answer status={status} answer={answer} />
        </li>
      ))}
      <li className="text-muted">
        <a href="#problems" className="underline underline-offset-2">
          Errors
        </a>
        : {refusals.join(", ")}.
      </li>
    </ul>
  );
}

function Answer({ status, answer }: { status: string; answer: DescribedOperation["responses"][string] }) {
  if ("$ref" in answer) return null;
  const [medium] = Object.entries(answer.content ?? {});
  const members = medium ? membersOf(medium[1].schema) : [];
  return (
    <>
      <p>
        <strong className="font-medium tabular-nums">{status}</strong> <Prose>{answer.description}</Prose>
        {medium && !["application/json", "*/*"].includes(medium[0]) && <span className="text-muted"> {medium[0]}</span>}
      </p>
      {medium && members.length === 0 && Object.keys(medium[1].schema).length > 0 && (
        <TypeOf schema={medium[1].schema} />
      )}
      {members.length > 0 && (
        <details className="flex flex-col">
          <summary className="min-h-6 text-muted">
            {members.length === 1 ? "One field" : `${members.length} fields`}
          </summary>
          <div className="mt-1.5">
            <Members of={members} />
          </div>
        </details>
      )}
    </>
  );
}

function Command({ text }: { text: string }) {
  return (
    <div className="flex flex-col gap-2 rounded border border-line bg-sunken p-2 sm:flex-row sm:items-start">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        className="min-w-0 flex-1 overflow-x-auto p-1 font-mono text-sm"
      >
        {text}
      </pre>
      <CopyButton text={text} size="sm" />
    </div>
  );
}
