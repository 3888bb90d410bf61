import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { days, later } from "@/lib/clock";
import { db } from "@/lib/db";
import { introduceCast } from "@/testing/cast";
import { createSession } from "./callers";
import { sendTo } from "./operations";

const now = new Date();
let headers: Record<string, string>;
let ownerId: string;

beforeAll(async () => {
  ownerId = (await introduceCast(now)).root;
  headers = await createSession("root", now);
});

interface List {
  operation: string;
  query?: string;
  params?: Record<string, string>;
  /** Replaces what the list has by items with these names. */
  fill: (names: string[]) => Promise<unknown>;
  nameOf?: (item: Record<string, string>) => string | undefined;
  names?: fc.Arbitrary<string>;
}

const letters = [
  ..."abeoABEO019 -_.\u00E4\u00C4\u00E9\u00C9\u00F6\u00D6\u00FC\u00DC\u00DF\u0142\u03B1\u0416\u0436\u65E5",
];
const word = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 })
  .map((parts) => `x${parts.join("")}x`);
const ascii = fc.stringMatching(/^[a-z0-9][a-z0-9._@-]{0,8}$/);

const header = { title: "One", output: "json", parameters: [], source: "" };
const repositoryNamed = (name: string) =>
  db.repository.upsert({ where: { name }, create: { name, ownerId }, update: {}, select: { id: true } });
const untilLater = later(now, days(9));

const lists: Record<string, List> = {
  repositories: {
    operation: "GET /api/v1/repositories",
    fill: async (names) => {
      await db.repository.deleteMany();
      await db.repository.createMany({ data: names.map((name) => ({ name, ownerId })) });
    },
  },
  files: {
    operation: "GET /api/v1/repositories/[repository]/files",
    params: { repository: "Shelf" },
    fill: async (names) => {
      const { id: repositoryId } = await repositoryNamed("Shelf");
      const content = { id: "listed", sha256: "0".repeat(64), chunkBytes: 1 };
      await db.content.createMany({ data: [content], skipDuplicates: true });
      await db.repositoryFile.deleteMany({ where: { repositoryId } });
      await db.repositoryFile.createMany({
        data: names.map((name) => ({ repositoryId, name, size: 1, sha256: content.sha256 })),
      });
    },
  },
  workspaces: {
    operation: "GET /api/v1/workspaces",
    query: "&repository=Shelf",
    fill: async (names) => {
      const { id: repositoryId } = await repositoryNamed("Shelf");
      await db.workspace.deleteMany({ where: { repositoryId } });
      await db.workspace.createMany({ data: names.map((name) => ({ ...header, repositoryId, ownerId, name })) });
    },
  },
  tokens: {
    operation: "GET /api/v1/tokens",
    query: "&kind=api&sort=name",
    fill: async (names) => {
      await db.token.deleteMany({ where: { kind: "api" } });
      await db.token.createMany({ data: names.map((name) => tokenNamed(name, "api")) });
    },
  },
  sessions: {
    operation: "GET /api/v1/tokens",
    query: "&kind=session&sort=name",
    fill: async (names) => {
      await db.token.deleteMany({ where: { kind: "session", lastFour: "test" } });
      await db.token.createMany({ data: names.map((name) => tokenNamed(name, "session")) });
    },
    // The session of the requests is in the list too.
    nameOf: ({ hint, name }) => (hint?.endsWith("test") ? name : undefined),
  },
  apps: {
    operation: "GET /api/v1/apps",
    query: "&sort=name",
    fill: async (names) => {
      await db.app.deleteMany();
      const app = { ownerId, repositoryName: "Shelf", workspaceName: "one", parameters: [], createdAt: now };
      await db.app.createMany({ data: names.map((name, index) => ({ ...app, name, slug: `app-${index}` })) });
    },
  },
  users: {
    operation: "GET /api/v1/users",
    names: ascii,
    fill: async (names) => {
      await db.user.deleteMany({ where: { fullName: "Listed" } });
      const data = names.map((userName) => ({ userName, fullName: "Listed" }));
      await db.user.createMany({ data, skipDuplicates: true });
    },
    nameOf: ({ fullName, userName }) => (fullName === "Listed" ? userName : undefined),
  },
  roles: {
    operation: "GET /api/v1/roles",
    fill: async (names) => {
      await db.role.deleteMany({ where: { description: "Listed" } });
      const data = names.map((title, index) => ({ name: `role-${index}`, title, description: "Listed" }));
      await db.role.createMany({ data });
    },
    nameOf: ({ title, description }) => (description === "Listed" ? title : undefined),
  },
};

function tokenNamed(name: string, kind: "api" | "session") {
  const session = kind === "session" ? { extendedAt: now, extendableUntil: untilLater } : {};
  const digest = randomBytes(32);
  return { name, kind, ownerId, digest, lastFour: "test", createdAt: now, expiresAt: untilLater, ...session };
}

/** All names in the list, page by page. */
async function walk({ operation, query = "", params = {}, nameOf = ({ name }) => name }: List, limit: number) {
  const names: string[] = [];
  let cursor: string | null = null;
  do {
    const position: string = cursor === null ? "" : `&cursor=${cursor}`;
    const isPaged = operation !== "GET /api/v1/roles";
    const answer = await sendTo(operation, { params, headers }, isPaged ? `?limit=${limit}${query}${position}` : "");
    expect(answer.status).toBe(200);
    const { items, nextCursor } = (await answer.json()) as {
      items: Record<string, string>[];
      nextCursor: string | null;
    };
    names.push(...items.flatMap((item) => nameOf(item) ?? []));
    cursor = nextCursor;
  } while (cursor !== null);
  return names;
}

/** Regardless of case, accents second, numbers by value; the bytes decide between names that differ in case only. */
const { compare } = new Intl.Collator("und", { numeric: true, sensitivity: "accent" });
const asPeopleSort = (one: string, other: string) =>
  compare(one, other) || Buffer.compare(Buffer.from(one), Buffer.from(other));

describe.each(Object.entries(lists))("the list of %s", (_, list) => {
  test("sorts as people do", async () => {
    const sorted = ["\u00C4pfel", "apple 2", "Apple 10", "banana", "Banane", "\u00C9clair", "\u00D6rtlich", "zebra"];
    const names = list.names ? ["a-2", "a-10", "b", "user.9", "user.10"] : sorted;
    await list.fill(names.toReversed());
    expect(await walk(list, 2)).toEqual(names);
  });

  test("has every name once, in that order, however its pages are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(list.names ?? word, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 9 }),
        async (names, limit) => {
          await list.fill(names);
          const walked = await walk(list, limit);
          expect(walked).toEqual(walked.toSorted(asPeopleSort));
          expect(new Set(walked).size).toBe(walked.length);
          if (!list.names) expect(walked.toSorted()).toEqual(names.toSorted());
        },
      ),
      { numRuns: 6 },
    );
  });
});
