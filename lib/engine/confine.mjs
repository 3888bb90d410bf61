import { DuckDBInstance } from "@duckdb/node-api";

/**
 * Opens DuckDB in memory, confined: it reads the files of `folder` (the working directory) and may write only `result`.
 * No other file, network, extension, attached database or setting change. The order of the last three is what makes it
 * hold (design 3.6).
 *
 * @param {{ folder: string, result: string, memoryMb: number, threads: number }} order absolute paths
 */
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
  await connection.run(`SET allowed_paths = [${quoted(result)}]`);
  await connection.run(`SET allowed_directories = [${quoted(folder)}]`);
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
  return connection;
}

/** @param {string} text */
export const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
