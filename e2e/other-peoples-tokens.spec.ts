import { readdirSync } from "node:fs";
import type { APIRequestContext } from "@playwright/test";
import { issueAppToken } from "@/lib/apps/issue-token";
import { days, later, now } from "@/lib/clock";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { bulkChange } from "@/lib/tokens/bulk";
import { verify } from "@/lib/verification/verify";
import { makeApp } from "@/testing/apps";
import { startSessionOf } from "@/testing/sessions";
import { makeToken } from "@/testing/tokens";
import { expect, origin, type Person, signIn, test } from "./test";

// A user with all permissions sees accounts, but on no page anything of another user's tokens (design 3.1.1).

const revealingName = "a very telling name";
const unknownId = "0198f0d4-4a9c-7cc1-8d67-b8f7c7a6c0de";

/** What the URLs refer to: Ada, her app, a job, a token and a session of hers. */
interface Subject {
  userName: string;
  slug: string;
  job: number;
  tokenId: string;
  sessionId: string;
}

/** All pages of the folder app, each with the URLs at which it is read. */
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
  "(console)/workspaces/-/publish": () => ["/workspaces/-/publish", "/workspaces/-/publish?repository=Samples"],
  "(console)/workspaces/[repository]": () => ["/workspaces/Samples"],
  "(console)/workspaces/[repository]/[name]": ({ job }) => [
    "/workspaces/Samples/nearby-earthquakes",
    `/workspaces/Samples/nearby-earthquakes?job=${job}`,
  ],
  "(console)/workspaces/[repository]/[name]/edit": () => ["/workspaces/Samples/nearby-earthquakes/edit"],
  "a/[slug]": ({ slug }) => [`/a/${slug}`],
  "change-password": () => ["/change-password"],
  "docs/api": () => ["/docs/api"],
  "sign-in": () => ["/sign-in"],
};

test("the table lists every page", () => {
  const files = readdirSync("app", { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));
  const folders = files.filter((file) => file.endsWith("page.tsx")).map((file) => file.replace(/\/?page\.tsx$/, ""));
  expect(Object.keys(pages).toSorted()).toEqual(folders.toSorted());
});

test("no page changes for a user with all permissions when another user's tokens change", async ({
  page,
  root,
  ada,
}) => {
  test.setTimeout(240_000);
  const about = await createSubject(await createActor(ada), ada);
  const who = await createActor(ada);
  await signIn(page, root);
  const addresses = Object.values(pages).flatMap((each) => each(about));
  for (const address of addresses) {
    await test.step(address, async () => {
      // Other tests change this server at the same time, so a difference may not come from Ada's tokens. If it did, it would
      // appear each time.
      await expect(async () => {
        const before = await readPage(page.request, address);
        await changeTokens(who, about.slug);
        expect(await readPage(page.request, address)).toBe(before);
        expect(before).not.toContain(revealingName);
      }).toPass({ timeout: 60_000, intervals: [0] });
    });
  }

  await test.step("a token of hers gets the same answer as one that does not exist", async () => {
    await expect(async () => {
      const never = await readPage(page.request, `/settings/tokens/${unknownId}`);
      for (const id of [about.tokenId, about.sessionId]) {
        const hers = await readPage(page.request, `/settings/tokens/${id}`);
        expect(hers.replaceAll(id, unknownId)).toBe(never);
      }
    }).toPass({ timeout: 60_000, intervals: [0] });
  });

  await test.step("as a control, her own pages change", async () => {
    await page.context().clearCookies();
    await signIn(page, ada);
    const before = await readPage(page.request, "/settings/tokens");
    await changeTokens(who, about.slug);
    expect(await readPage(page.request, "/settings/tokens")).not.toBe(before);
  });
});

/** Signs a user in. Returns the actor of a request in that session. */
async function createActor({ userId }: Person): Promise<Actor> {
  const from = { userId, ip: "203.0.113.5", agent: revealingName, now: now() };
  const { value } = await startSessionOf(from);
  return verify(value.reveal(), { ip: "203.0.113.5", agent: revealingName });
}

/** Creates an app of Ada's with a token, and another token that has run a job. */
async function createSubject(who: Actor, ada: Person): Promise<Subject> {
  const slug = `watched-${ada.userName}`;
  const expiresAt = later(now(), days(90)).toISOString();
  await makeApp(who, { slug, name: "Watched", repository: "Samples", workspace: "nearby-earthquakes", expiresAt });
  const { token, value } = await makeToken(who, { name: revealingName, allPermissions: true });
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

/** Creates further tokens and a session, uses, disables and removes some, and replaces the token of the app. */
async function changeTokens(who: Actor, slug: string): Promise<void> {
  const made = await Promise.all([0, 1, 2].map(() => makeToken(who, { name: `${revealingName} ${Math.random()}` })));
  const [used, disabled, removed] = made;
  await fetch(`${origin()}/api/v1/token`, { headers: { Authorization: `Bearer ${used?.value}` } });
  await bulkChange(who, { change: "disable", ids: [disabled?.token.id ?? ""] });
  await bulkChange(who, { change: "remove", ids: [removed?.token.id ?? ""] });
  await startSessionOf({ userId: who.userId, ip: "203.0.113.6", agent: revealingName, now: now() });
  const app = await db.app.findUniqueOrThrow({ where: { slug }, select: { token: { select: { expiresAt: true } } } });
  await issueAppToken({ ...who, now: now() }, slug, { expiresAt: app.token?.expiresAt });
}

/**
 * Reads a page and the data of its scripts, line by line. What differs between any two requests is removed: the nonce, the order
 * and number of the pieces of data, the time of the request, relative times, and the end of the reader's own session.
 */
async function readPage(request: APIRequestContext, url: string): Promise<string> {
  const response = await request.get(url);
  const nonce = /'nonce-([^']+)'/.exec(response.headers()["content-security-policy"] ?? "")?.[1] ?? "";
  const html = (await response.text())
    .replaceAll(nonce, "nonce")
    .replaceAll(/(<time [^>]*>)[^<]*/g, "$1")
    .replaceAll(/(asOf\\+":\\+")[^"\\]*/g, "$1")
    .replaceAll(/(\\"now\\":\\")[^"]*(\\",\\"expiresAt\\":\\")[^"]*/g, "$1$2");
  const pieces = [...html.matchAll(pieceOfData)].map(([, piece]) => piece);
  const lines = pieces.join("").split("\\n").sort();
  expect(lines.length).toBeGreaterThan(1);
  return [`${response.status()} ${response.url()}`, html.replaceAll(pieceOfData, ""), ...lines].join("\n");
}

/** A script with which Next.js sends a piece of the data of a page, in which each `<` is escaped. */
const pieceOfData = /<script[^>]*>self\.__next_f\.push\(\[1,"([^<]*)"\]\)<\/script>/g;
