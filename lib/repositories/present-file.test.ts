import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/permissions/actor";
import { blockedBy } from "@/testing/blocked-by";
import { actorOf, introduceCast } from "@/testing/cast";
import { removeFile } from "./commands";
import { putFile } from "./put-file";

let ada: Actor;

beforeAll(async () => {
  await introduceCast(new Date());
  ada = await actorOf("ada", new Date());
});

const bytes = (text: string) => new TextEncoder().encode(text);

test.each<[string, (path: { repository: string; file: string }, only: string) => Promise<unknown>]>([
  [
    "replaced",
    (path, only) => putFile(ada, path, { chunks: [bytes("a\n3\n")], mayReplace: (present) => present === only }),
  ],
  ["removed", (path, only) => removeFile(ada, path, (present) => present === only)],
])(
  "a file that somebody changes at the same time is not %s by a condition that was met before",
  async (how, change) => {
    const path = { repository: "Rivers", file: `${how}.csv` };
    const { file: first } = await putFile(ada, path, bytes("a\n1\n"));
    const { file: other } = await putFile(ada, { ...path, file: "other.csv" }, bytes("a\n2\n"));
    const changed = blockedBy(
      [["UPDATE repository_files SET sha256 = $1 WHERE name = $2", other.sha256, path.file]],
      () => change(path, first.sha256),
    );
    await expect(changed).rejects.toMatchObject({ code: "precondition-failed" });
  },
);
