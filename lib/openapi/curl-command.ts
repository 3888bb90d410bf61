import type { DescribedOperation } from "./document";

/** A curl command for the operation; it takes the token from the variable TESSERA_TOKEN. */
export function curlCommand(origin: string, method: string, path: string, operation: DescribedOperation): string {
  const { security, requestBody, parameters } = operation;
  const examples = Object.fromEntries(parameters.map(({ name, schema }) => [name, firstExample(schema)]));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => examples[name] ?? `$${shellName(name)}`);
  const [contentType, medium] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  return [
    `curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}"${origin}${filled}"`,
    ...(security.length > 0 ? ['-H "Authorization: Bearer $TESSERA_TOKEN"'] : []),
    ...(contentType ? [`-H "Content-Type: ${contentType}"`, bodyArgument(contentType, medium?.example)] : []),
  ].join(" \\\n  ");
}

function firstExample(schema: Record<string, unknown>): string | undefined {
  return Array.isArray(schema.examples) ? String(schema.examples[0]) : undefined;
}

/** `userName` → `USER_NAME`. */
const shellName = (name: string) => name.replaceAll(/[A-Z]/g, "_$&").toUpperCase();

function bodyArgument(contentType: string, example: unknown): string {
  if (contentType !== "application/json") return "--data-binary @FILE";
  return `-d '${JSON.stringify(example ?? {}).replaceAll("'", "'\\''")}'`;
}
