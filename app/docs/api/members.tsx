import { Badge } from "@/components/ui/status";
import { type Member, membersOf, referredName, typeWords } from "@/lib/openapi/schema-labels";
import type { JsonSchema } from "@/lib/openapi/schemas";
import { Prose } from "./prose";

/** Describes the members of an object, and the nested members below each. `required` marks the members that a caller must send. */
export function Members({ of, required = false }: { of: Member[]; required?: boolean }) {
  return (
    <dl className="divide-y divide-line rounded border border-line bg-surface">
      {of.map((member) => (
        <div key={member.name} className="grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[13rem_1fr]">
          <dt className="flex flex-wrap items-baseline gap-2">
            <code className="font-mono text-sm break-all">{member.name}</code>
            {member.place && <span className="text-sm text-muted">{member.place}</span>}
            {required && member.required && <Badge>required</Badge>}
          </dt>
          <dd className="min-w-0">
            <TypeOf schema={member.schema} />
            {typeof member.schema.description === "string" && (
              <p className="text-muted">
                <Prose>{member.schema.description}</Prose>
              </p>
            )}
            {membersOf(member.schema).length > 0 && (
              <div className="mt-2">
                <Members of={membersOf(member.schema)} required={required} />
              </div>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Describes the type of a value. It links to the schema if that has a name. */
export function TypeOf({ schema }: { schema: JsonSchema }) {
  const name = referredName(schema);
  return (
    <p className="break-words">
      {name ? (
        <>
          {schema.type === "array" && "list of "}
          <a href={`#schema-${name}`} className="text-clay-ink underline underline-offset-2">
            {name}
          </a>
        </>
      ) : (
        typeWords(schema)
      )}
      {schema.default !== undefined && schema.default !== "" && (
        <span className="text-muted"> · default {JSON.stringify(schema.default)}</span>
      )}
    </p>
  );
}
