import { DuckDBInstance } from "@duckdb/node-api";

/** Creates an instance ahead of the job that will use it: that takes longer than confining it. It is not confined yet.
 * @returns {Promise<import("@duckdb/node-api").DuckDBConnection>} its only connection, which closes it too */
export async function prepareInstance() {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: "64MB",
    temp_directory: "",
    allow_persistent_secrets: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    threads: "2",
  });
  const connection = await instance.connect();
  instance.closeSync();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

/** DuckDB reads only `folder`, writes only `result`, is offline and in UTC. The order of settings matters (design 3.6).
 * @param {{ folder: string, result: string, memoryMb: number, threads: number }} order absolute paths
 * @param {Promise<import("@duckdb/node-api").DuckDBConnection>} prepared by {@link prepareInstance}; not used again */
export async function openConfined({ folder, result, memoryMb, threads }, prepared = prepareInstance()) {
  const connection = await prepared;
  const settings = [
    `memory_limit = '${memoryMb}MB'`,
    `threads = ${threads}`,
    `GLOBAL home_directory = ${quote(folder)}`,
    `allowed_paths = [${quote(result)}]`,
    `allowed_directories = [${quote(folder)}]`,
    "enable_external_access = false",
    "lock_configuration = true",
  ];
  await connection.run(settings.map((setting) => `SET ${setting}`).join(";"));
  return connection;
}

/** Writes text as an SQL string. @param {string} text */
export const quote = (text) => `'${text.replaceAll("'", "''")}'`;
