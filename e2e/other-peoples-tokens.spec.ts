import { readdirSync } from "node:fs";
import type { APIRequestContext } from "@playwright/test";
import { issueAppToken } from "@/lib/apps/issue-token";
import { days, later, now } from "@/lib/clock";
import { db, inTransaction } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { bulkChange } from "@/lib/tokens/bulk";
import { issueSession } from "@/lib/tokens/sessions";
import { verify } from "@/lib/verification/verify";
import { makeApp } from "@/testing/apps";
import { makeToken } from "@/testing/tokens";
import { expect, origin, type Person, signIn, test } from "./test";

// Whoever holds everything sees accounts, and nothing of anybody else's tokens (design 3.1.1): every page there is, to the byte.

const telling = "a very telling name";
const unknownId = "0198f0d4-4a9c-7cc1-8d67-b8f7c7a6c0de";

/** What the addresses are about: Ada, her app, a job of hers, her token and her session. */
interface Subject {
  userName: string;
  slug: string;
  job: number;
  tokenId: string;
  sessionId: string;
}

/** Every page of the folder app, and the addresses under which it is read. */
const pages: Record<string, (about: Subject) => string[]> = {
  "(console)": () => ["/"],
  "(console)/admin/audit": ({ userName, slug }) => [
    "/admin/audit",
    `/admin/audit?actor=${userName}`,
    `/admin/audit?subject=${userName}`,
    `/admin/audit?subject=${slug}`,
    "/admin/audit?subject=very%20telling",
  ],
  "(console)/admin/roles/(list)": () => ["/admin/roles"],
  "(console)/admin/roles/[role]": () => ["/admin/roles/author", "/admin/roles/superuser"],
  "(console)/admin/roles/new": () => ["/admin/roles/new"],
  "(console)/admin/users/(list)": ({ userName }) => ["/admin/users", `/admin/users?q=${userName}`],
  "(console)/admin/users/[userName]": ({ userName }) => [`/admin/users/${userName}`],
  "(console)/admin/users/new": () => ["/admin/users/new"],
  "(console)/apps/(list)": ({ slug }) => ["/apps", `/apps?q=${slug}`, "/apps?sort=expiresAt"],
  "(console)/apps/[slug]": ({ slug }) => [`/apps/${slug}`],
  "(console)/apps/new": ({ slug }) => ["/apps/new", `/apps/new?from=${slug}`],
  "(console)/jobs/(list)": ({ slug }) => ["/jobs", `/jobs?app=${slug}`],
  "(console)/jobs/[id]": ({ job }) => [`/jobs/${job}`],
  "(console)/settings/account": () => ["/settings/account"],
  "(console)/settings/tokens": () => [
    "/settings/tokens",
    "/settings/tokens?tab=session",
    "/settings/tokens?q=very%20telling",
  ],
  "(console)/settings/tokens/[id]": ({ tokenId, sessionId }) =>
    [tokenId, sessionId].map((id) => `/settings/tokens/${id}`),
  "(console)/settings/tokens/new": ({ tokenId }) => ["/settings/tokens/new", `/settings/tokens/new?from=${tokenId}`],
  "(console)/workspaces/(list)": () => ["/workspaces"],
  "(console)/workspaces/[repository]": () => ["/workspaces/Samples"],
  "(console)/workspaces/[repository]/[name]": ({ job }) => [
    "/workspaces/Samples/nearby-earthquakes",
    `/workspaces/Samples/nearby-earthquakes?job=${job}`,
  ],
  "a/[slug]": ({ slug }) => [`/a/${slug}`],
  "change-password": () => ["/change-password"],
  "docs/api": () => ["/docs/api"],
  "sign-in": () => ["/sign-in"],
};

test("the table has every page", () => {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  const folders = files.filter((file) => file.endsWith("page.tsx")).map((file) => file.replace(/\/?page\.tsx$/, ""));
  expect(Object.keys(pages).toSorted()).toEqual(folders.toSorted());
});

test("no page changes by one byte for whoever holds everything, whatever happens with somebody else's tokens", async ({
  page,
  root,
  ada,
}) => {
  test.setTimeout(240_000);
  const about = await furnished(await signedIn(ada), ada);
  const who = await signedIn(ada);
  await signIn(page, root);
  const addresses = Object.values(pages).flatMap((each) => each(about));
  for (const address of addresses) {
    await test.step(address, async () => {
      // Others are at work on this server, too: what they change in between is not Ada's doing. What hers would change, it would
      // change each time.
      await expect(async () => {
        const before = await htmlOf(page.request, address);
        await tokensComeAndGo(who, about.slug);
        expect(await htmlOf(page.request, address)).toBe(before);
        expect(before).not.toContain(telling);
      }).toPass({ timeout: 60_000, intervals: [0] });
    });
  }

  await test.step("a token of hers is as absent as one that never was", async () => {
    await expect(async () => {
      const never = await htmlOf(page.request, `/settings/tokens/${unknownId}`);
      for (const id of [about.tokenId, about.sessionId]) {
        const hers = await htmlOf(page.request, `/settings/tokens/${id}`);
        expect(hers.replaceAll(id, unknownId)).toBe(never);
      }
    }).toPass({ timeout: 60_000, intervals: [0] });
  });

  await test.step("the control: her own pages change", async () => {
    await page.context().clearCookies();
    await signIn(page, ada);
    const before = await htmlOf(page.request, "/settings/tokens");
    await tokensComeAndGo(who, about.slug);
    expect(await htmlOf(page.request, "/settings/tokens")).not.toBe(before);
  });
});

/** Somebody as past the door, in a session of their own. */
async function signedIn({ userId }: Person): Promise<Actor> {
  const from = { userId, address: "203.0.113.5", agent: telling, now: now() };
  const { value } = await inTransaction((tx) => issueSession(tx, from));
  return verify(value.reveal(), { address: "203.0.113.5", agent: telling });
}

/** Something to read about Ada: an app with a token, a token that was used, and a job that it ran. */
async function furnished(who: Actor, ada: Person): Promise<Subject> {
  const slug = `watched-${ada.userName}`;
  const expiresAt = later(now(), days(90)).toISOString();
  await makeApp(who, { slug, name: "Watched", repository: "Samples", workspace: "nearby-earthquakes", expiresAt });
  const { token, value } = await makeToken(who, { name: telling, allPermissions: true });
  const run = await fetch(`${origin()}/api/v1/workspaces/Samples/nearby-earthquakes/runs`, {
    method: "POST",
    headers: { Authorization: `Bearer ${value}`, "Content-Type": "application/json" },
    body: "{}",
  });
  expect(run.status).toBe(200);
  await run.arrayBuffer();
  const job = Number(run.headers.get("x-tessera-job"));
  return { userName: ada.userName, slug, job, tokenId: token.id, sessionId: who.token.id };
}

/** Several more, of both kinds, used, switched and removed, and another one for her app. */
async function tokensComeAndGo(who: Actor, slug: string): Promise<void> {
  const made = await Promise.all([0, 1, 2].map(() => makeToken(who, { name: `${telling} ${Math.random()}` })));
  const [used, disabled, removed] = made;
  await fetch(`${origin()}/api/v1/token`, { headers: { Authorization: `Bearer ${used?.value}` } });
  await bulkChange(who, { change: "disable", ids: [disabled?.token.id ?? ""] });
  await bulkChange(who, { change: "remove", ids: [removed?.token.id ?? ""] });
  await inTransaction((tx) =>
    issueSession(tx, { userId: who.userId, address: "203.0.113.6", agent: telling, now: now() }),
  );
  const app = await db.app.findUniqueOrThrow({ where: { slug }, select: { token: { select: { expiresAt: true } } } });
  await issueAppToken({ ...who, now: now() }, slug, { expiresAt: app.token?.expiresAt });
}

/**
 * A page as it comes, and line by line the data that its scripts begin with, but for what is another for each request: its nonce, in
 * which order and how many pieces the data come, when it was made and how long ago things were, and until when the reader's own
 * session goes on.
 */
async function htmlOf(request: APIRequestContext, address: string): Promise<string> {
  const response = await request.get(address);
  const nonce = /'nonce-([^']+)'/.exec(response.headers()["content-security-policy"] ?? "")?.[1] ?? "";
  const html = (await response.text())
    .replaceAll(nonce, "nonce")
    .replaceAll(/(<time [^>]*>)[^<]*/g, "$1")
    .replaceAll(/(\\"asOf\\":\\")[^"]*/g, "$1")
    .replaceAll(/(\\"now\\":\\")[^"]*(\\",\\"expiresAt\\":\\")[^"]*/g, "$1$2");
  const pieces = [...html.matchAll(pieceOfData)].map(([, piece]) => piece);
  const lines = pieces.join("").split("\\n").sort();
  expect(lines.length).toBeGreaterThan(1);
  return [`${response.status()} ${response.url()}`, html.replaceAll(pieceOfData, ""), ...lines].join("\n");
}

/** How Next.js sends a page's data, in which it writes every `<` otherwise. */
const pieceOfData = /<script[^>]*>self\.__next_f\.push\(\[1,"([^<]*)"\]\)<\/script>/g;
