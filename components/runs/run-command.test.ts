import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { runPageOf } from "@/components/workspaces/run-page-url";
import { publishCommand } from "../workspaces/publish-command";
import { runCommand } from "./run-command";

/** The arguments that a shell passes to curl when it runs the command. */
function argumentsOf(command: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const env = { ...process.env, TESSERA_TOKEN: "tsa_example" };
  return execFileSync("sh", ["-c", script], { encoding: "utf8", env }).split("\0").slice(0, -1);
}

test("the run command sends the same request as the page, with any characters in the values", () => {
  const parameters = { NAME: `O'Hara "$HOME" \`id\` \\ $(id)`, COUNT: 3, LOUD: true };
  const workspace = { repository: "My data", name: "größe" };
  const given = argumentsOf(runCommand({ origin: "https://tessera.example.org", workspace, parameters }));
  expect(given).toEqual([
    "https://tessera.example.org/api/v1/workspaces/My%20data/gr%C3%B6%C3%9Fe/runs",
    "-H",
    "Authorization: Bearer tsa_example",
    "-H",
    "Content-Type: application/json",
    "-d",
    JSON.stringify({ parameters }),
  ]);
});

test("without a repository, the publish commands make one first and publish into it", () => {
  const given = argumentsOf(publishCommand("http://localhost:3000", null));
  expect(given).toContain("http://localhost:3000/api/v1/repositories");
  expect(given).toContain('{"name":"Mine"}');
  expect(given).toContain("http://localhost:3000/api/v1/workspaces/Mine/my-workspace");
});

test("a run page carries the values that were given, and no others", () => {
  const job = { repository: "My data", workspace: "w" };
  expect(runPageOf(job)).toBe("/workspaces/My%20data/w");
  expect(runPageOf(job, { A: 1, B: null, C: "x y&z" })).toBe("/workspaces/My%20data/w?A=1&C=x+y%26z");
});
