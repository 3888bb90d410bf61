import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { actorOf, introduceCast } from "@/testing/cast";
import { removeUnusedBytes } from "@/testing/remove-unused-bytes";
import { bearerOf, makeToken } from "@/testing/tokens";
import { createRepository, removeFile, removeRepository } from "./commands";
import { putFile } from "./put-file";
import { getRepository, listFiles, listRepositories, readFile } from "./queries";
import { itemName, newRepository } from "./schema";

const now = new Date();
const notFound = { code: "not-found", message: "Not found, or you don't have access." };
const lacks = (permission: string) => ({ code: "forbidden", extra: { permission } });

let root: Actor;
let mia: Actor;
let ada: Actor;
let olu: Actor;
let eve: Actor;

beforeAll(async () => {
  await introduceCast(now);
  [root, mia, ada, olu, eve] = (await Promise.all(
    (["root", "mia", "ada", "olu", "eve"] as const).map((name) => actorOf(name, now)),
  )) as [Actor, Actor, Actor, Actor, Actor];
});

async function withToken(who: Actor, permissions: string[]): Promise<Actor> {
  const { value } = await makeToken(who, { permissions });
  return bearerOf(value, now);
}

async function bytesOf(who: Actor, repository: string, file: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of (await readFile(who, { repository, file })).read()) parts.push(chunk);
  return Buffer.concat(parts);
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("repositories", () => {
  const namesOf = async (who: Actor) => (await listRepositories(who, { limit: 100 })).items.map(({ name }) => name);

  test("a user sees those on which they hold a permission", async () => {
    expect(await namesOf(root)).toEqual(["Rivers", "Samples"]);
    expect(await namesOf(ada)).toEqual(["Rivers", "Samples"]);
    const token = await withToken(ada, ["repositories:access", "repository/Rivers:run"]);
    expect(await namesOf(token)).toEqual(["Rivers"]);
    await expect(listRepositories(await withToken(ada, ["repository/Rivers:run"]), { limit: 9 })).rejects.toMatchObject(
      lacks("repositories:access"),
    );
  });

  test("the answer to creating one says that its creator may do everything on it", async () => {
    const can = { read: true, download: true, publish: true, remove: true, share: true };
    expect(await createRepository(ada, { name: "Lakes", description: "" })).toMatchObject({ can });
    expect(await getRepository(await actorOf("ada", now), "Lakes")).toMatchObject({ can });
    const token = await withToken(ada, ["repositories:create"]);
    expect((await createRepository(token, { name: "Meres", description: "" })).can).toMatchObject({ read: false });
    for (const name of ["Lakes", "Meres"]) await removeRepository(root, name);
  });

  test("only holders of a permission on a repository learn that it exists", async () => {
    await expect(getRepository(eve, "Rivers")).rejects.toMatchObject(notFound);
    await expect(getRepository(eve, "Never")).rejects.toMatchObject(notFound);
    await expect(getRepository(olu, "Rivers")).rejects.toMatchObject(notFound);
    await expect(getRepository(await withToken(ada, ["repository/Rivers:run"]), "Rivers")).rejects.toMatchObject(
      lacks("repository/Rivers:read"),
    );
    expect(await getRepository(olu, "Samples")).toMatchObject({
      name: "Samples",
      workspaces: 3,
      files: 3,
      can: { read: true, download: true, publish: false, remove: false },
    });
  });

  test("the creator owns a repository and has every permission on it", async () => {
    await createRepository(ada, newRepository.parse({ name: "Lakes", description: " Still water. " }));
    const owner = await actorOf("ada", now);
    expect(await getRepository(owner, "Lakes")).toMatchObject({
      owner: "ada",
      description: "Still water.",
      can: { read: true, download: true, publish: true, remove: true },
    });
    await expect(createRepository(ada, { name: "Lakes", description: "" })).rejects.toMatchObject({
      code: "conflict",
      field: "name",
    });
    await expect(createRepository(eve, { name: "Mine", description: "" })).rejects.toMatchObject(
      lacks("repositories:create"),
    );
  });

  test("removing needs the permission", async () => {
    await expect(removeRepository(olu, "Samples")).rejects.toMatchObject(lacks("repository/Samples:remove"));
    await expect(removeRepository(mia, "Rivers")).rejects.toMatchObject(notFound);
    await createRepository(ada, { name: "Ponds", description: "" });
    const owner = await actorOf("ada", now);
    await removeRepository(owner, "Ponds");
    await expect(getRepository(owner, "Ponds")).rejects.toMatchObject(notFound);
    expect(await db.auditEvent.count({ where: { action: "repository.remove", subjectName: "Ponds" } })).toBe(1);
  });

  test("one that has workspaces or files is kept when only an empty one may be removed", async () => {
    await expect(removeRepository(ada, "Rivers", { onlyEmpty: true })).rejects.toMatchObject({ code: "conflict" });
    await createRepository(ada, { name: "Ponds", description: "" });
    const owner = await actorOf("ada", now);
    await putFile(owner, { repository: "Ponds", file: "depths.csv" }, bytes("1"));
    await expect(removeRepository(owner, "Ponds", { onlyEmpty: true })).rejects.toMatchObject({ code: "conflict" });
    await removeFile(owner, { repository: "Ponds", file: "depths.csv" });
    await removeRepository(owner, "Ponds", { onlyEmpty: true });
    await expect(getRepository(owner, "Ponds")).rejects.toMatchObject(notFound);
  });

  test("a file that is added while an empty repository is removed is never removed with it", async () => {
    for (let round = 0; round < 10; round++) {
      await createRepository(ada, { name: "Raced", description: "" });
      const owner = await actorOf("ada", now);
      const [added, removed] = await Promise.allSettled([
        putFile(owner, { repository: "Raced", file: "depths.csv" }, bytes("1")),
        removeRepository(owner, "Raced", { onlyEmpty: true }),
      ]);
      expect([added.status, removed.status].filter((status) => status === "fulfilled")).toHaveLength(1);
      if (removed.status === "rejected") await removeRepository(owner, "Raced");
    }
  });

  test.each(["a", "Ä 1", "water-levels_2.v3", "日本", "x".repeat(100)])("%s is a valid name", (name) => {
    expect(itemName.parse(name)).toBe(name);
  });

  test.each(["", " a", "a ", ".a", "a.", "a/b", "a\\b", "a:b", "a*", "a\n", "x".repeat(101), "\0", "a\u202eb"])(
    "%j is not a valid name",
    (name) => {
      expect(itemName.safeParse(name).success).toBe(false);
    },
  );
});

describe("data files", () => {
  test("are read back byte for byte, with several chunks and with none", async () => {
    const large = randomBytes(3_500_000);
    const made = await putFile(ada, { repository: "Rivers", file: "large.bin" }, new Uint8Array(large));
    expect(made).toMatchObject({ created: true, file: { name: "large.bin", size: 3_500_000 } });
    expect(large.equals(await bytesOf(ada, "Rivers", "large.bin"))).toBe(true);
    await putFile(ada, { repository: "Rivers", file: "empty.csv" }, bytes(""));
    expect(await bytesOf(ada, "Rivers", "empty.csv")).toHaveLength(0);
  });

  test("are listed by name for readers, and downloaded with the permission to download", async () => {
    const reader = await withToken(ada, ["repository/Rivers:read"]);
    const first = await listFiles(reader, "Rivers", { limit: 1 });
    const second = await listFiles(reader, "Rivers", { limit: 9, cursor: first.nextCursor ?? "" });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["empty.csv", "large.bin"]);
    await expect(readFile(reader, { repository: "Rivers", file: "empty.csv" })).rejects.toMatchObject(
      lacks("repository/Rivers:download"),
    );
    await expect(listFiles(olu, "Rivers", { limit: 9 })).rejects.toMatchObject(notFound);
    await expect(readFile(ada, { repository: "Rivers", file: "absent.csv" })).rejects.toMatchObject(notFound);
  });

  test("are added and removed only with the permissions", async () => {
    const path = { repository: "Samples", file: "mine.csv" };
    await expect(putFile(olu, path, bytes("a"))).rejects.toMatchObject(lacks("repository/Samples:publish"));
    await expect(removeFile(olu, path)).rejects.toMatchObject(lacks("repository/Samples:remove"));
    await expect(putFile(eve, { ...path, repository: "Rivers" }, bytes("a"))).rejects.toMatchObject(notFound);
    for (const file of ["../x.csv", "a/b.csv", ".hidden", ""]) {
      await expect(putFile(ada, { repository: "Rivers", file }, bytes("a"))).rejects.toMatchObject({ field: "file" });
    }
  });

  test("with the same content are stored once, until the last of them is removed", async () => {
    const chunks = async () => {
      await removeUnusedBytes();
      return db.fileChunk.count();
    };
    const before = await chunks();
    const content = bytes("the same water");
    await putFile(ada, { repository: "Rivers", file: "one.txt" }, content);
    await putFile(root, { repository: "Samples", file: "two.txt" }, content);
    expect(await chunks()).toBe(before + 1);
    await removeFile(ada, { repository: "Rivers", file: "one.txt" });
    expect((await bytesOf(root, "Samples", "two.txt")).toString()).toBe("the same water");
    await putFile(root, { repository: "Samples", file: "two.txt" }, bytes("other water"));
    expect(await chunks()).toBe(before + 1);
    await removeFile(root, { repository: "Samples", file: "two.txt" });
    expect(await chunks()).toBe(before);
  });

  test("that are replaced and removed concurrently keep the content of those still listed", async () => {
    const path = { repository: "Rivers", file: "raced.txt" };
    const copy = { repository: "Rivers", file: "copy.txt" };
    await putFile(ada, copy, bytes("raced"));
    await Promise.allSettled(
      Array.from({ length: 12 }, (_, turn) =>
        turn % 2 ? removeFile(ada, turn % 4 === 1 ? copy : path) : putFile(ada, path, bytes("raced")),
      ),
    );
    for (const { name, size } of (await listFiles(ada, "Rivers", { limit: 100 })).items) {
      expect(await bytesOf(ada, "Rivers", name)).toHaveLength(size);
    }
  });
});
