/**
 * Returns `curl` commands for a POSIX shell that publish `my-workspace.sql`. Without a repository, the first command creates
 * the repository `Mine`.
 *
 * @param origin of this server, like `https://tessera.example.org`.
 */
export function publishCommand(origin: string, repository: string | null): string {
  const target = encodeURIComponent(repository ?? "Mine");
  const publish = [
    `curl -T my-workspace.sql '${origin}/api/v1/workspaces/${target}/my-workspace'`,
    `  -H "Authorization: Bearer $TESSERA_TOKEN"`,
    `  -H "Content-Type: application/sql"`,
  ];
  const create = [
    `curl '${origin}/api/v1/repositories'`,
    `  -H "Authorization: Bearer $TESSERA_TOKEN"`,
    `  -H "Content-Type: application/json"`,
    `  -d '{"name":"Mine"}'`,
  ];
  return (repository === null ? [create, publish] : [publish]).map((lines) => lines.join(" \\\n")).join("\n\n");
}
