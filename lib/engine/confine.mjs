import { DuckDBInstance } from "@duckdb/node-api";

/** DuckDB reads only `folder`, writes only `result`, is offline and in UTC. The order of settings matters (design 3.6).
 * @param {{ folder: string, result: string, memoryMb: number, threads: number }} order absolute paths */
export async function openConfined({ folder, result, memoryMb, threads }) {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${memoryMb}MB`,
    threads: String(threads),
    temp_directory: "",
    home_directory: folder,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`SET allowed_paths = [${quote(result)}]`);
  await connection.run(`SET allowed_directories = [${quote(folder)}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
  return connection;
}

/** Writes text as an SQL string. @param {string} text */
export const quote = (text) => `'${text.replaceAll("'", "''")}'`;
