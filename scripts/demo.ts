import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readSettings } from "@/lib/env";
import { CannotStart, printFailure, secondsSince } from "@/lib/server/steps";
import { createdToken } from "@/lib/tokens/schema";
import { Visitor } from "./demo-visitor";

// `npm run demo`: the life of one token, told against a running server with real requests and real answers.

const earthquakes = "/api/v1/workspaces/Samples/nearby-earthquakes/runs";
const airports = "/api/v1/workspaces/Samples/airports-by-state/runs";
const permission = "workspace/Samples/nearby-earthquakes:run";
const place = { LATITUDE: 61.22, LONGITUDE: -149.9, RADIUS_KM: 100, MAGNITUDE: 2 };

const result = z.object({
  features: z.array(
    z.object({
      properties: z.object({ magnitude: z.number(), place: z.string(), distance_km: z.number(), time: z.string() }),
    }),
  ),
});

let chapter = 0;

try {
  await tell();
  process.exit(0);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function tell(): Promise<void> {
  const began = performance.now();
  const { baseUrl, port } = readSettings();
  const origin = baseUrl ?? `http://localhost:${port}`;
  await requireServer(origin);
  console.log(`\n  The life of a token, told by ${origin}`);

  const admin = new Visitor(origin);
  begin("The administrator signs in.");
  await admin.signIn("admin", await administratorsPassword());
  say("Signed in; that made a session token, which is this visitor's cookie from here on.");
  try {
    await lifeOfAToken(admin, origin);
  } finally {
    await admin.signOut();
  }
  console.log(
    `\n  Every promise was kept, in ${secondsSince(began)} s. Now do it yourself: ${origin}/settings/tokens\n`,
  );
}

async function lifeOfAToken(admin: Visitor, origin: string): Promise<void> {
  begin("She makes an API token for a program that needs to run one workspace, and nothing else.");
  const answer = await admin.post("/api/v1/tokens", {
    name: `Demo ${new Date().toISOString()}`,
    expiresAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    permissions: [permission],
  });
  await promise(answer, 201, "a token is made");
  const { id, hint, value } = createdToken.parse(await answer.json());
  if (!value) throw new CannotStart("The answer that made the token does not have its value.");
  say(`${hint} may do ${permission}. Its value was in that answer, once, and is stored nowhere.`);

  const program = new Visitor(origin, value);
  try {
    await runsAndIsRefused(admin, program, id);
  } finally {
    begin("She removes it.");
    await promise(await admin.delete(`/api/v1/tokens/${id}`), 204, "the token is removed");
  }
  await promise(await program.post(earthquakes, { parameters: place }), 401, "it is refused for good");
}

async function runsAndIsRefused(admin: Visitor, program: Visitor, id: string): Promise<void> {
  begin("The program runs the workspace: earthquakes of magnitude 2 and more within 100 km of Anchorage.");
  await earthquakesCome(program);

  begin("It tries another workspace of the same repository.");
  const other = await program.post(airports, { parameters: { STATE: "AK" } });
  await promise(other, 404, "what it may not see is not there for it", true);

  begin("She disables the token. From the moment of the answer on, it is worth nothing.");
  await promise(await admin.patch(`/api/v1/tokens/${id}`, { enabled: false }), 200, "the token is disabled");
  await promise(await program.post(earthquakes, { parameters: place }), 401, "refused at once", true);

  begin("She enables it. The same value works again.");
  await promise(await admin.patch(`/api/v1/tokens/${id}`, { enabled: true }), 200, "the token is enabled");
  await earthquakesCome(program);
}

async function earthquakesCome(program: Visitor): Promise<void> {
  const answer = await program.post(earthquakes, { parameters: place });
  await promise(answer, 200, `job ${answer.headers.get("x-tessera-job")}`);
  const { features } = result.parse(await answer.json());
  if (features.length === 0)
    throw new CannotStart("The workspace ran, but found no earthquakes where there were some.");
  for (const { properties: quake } of features.slice(0, 4)) {
    say(
      `  M ${quake.magnitude.toFixed(1)}  ${quake.distance_km.toFixed(1).padStart(5)} km  ${quake.time}  ${quake.place}`,
    );
  }
  if (features.length > 4) say(`  and ${features.length - 4} more`);
}

/** Prints the request and its answer; breaks off when the answer is not the one that was promised. */
async function promise(answer: Response, status: number, meaning: string, showReason = false): Promise<void> {
  const { request } = Visitor.told(answer);
  say(`${request} → ${answer.status}${answer.status === status ? `, ${meaning}` : ""}`);
  if (answer.status !== status) {
    throw new CannotStart(
      `Promised was ${status}, ${meaning}. The server said ${answer.status}: ${await answer.text()}`,
    );
  }
  if (showReason) say(`  “${(await answer.json()).detail}”`);
}

async function requireServer(origin: string): Promise<void> {
  const answer = await fetch(`${origin}/health/ready`).catch(() => null);
  if (answer?.ok) return;
  throw new CannotStart(
    `No Tessera answers at ${origin}. Start it in another terminal with npm start, then run this again.`,
  );
}

async function administratorsPassword(): Promise<string> {
  const { adminPassword, dataDir } = readSettings();
  if (adminPassword) return adminPassword;
  const file = join(dataDir, "first-sign-in.txt");
  const kept = existsSync(file) ? /^Password:\s*(\S+)$/m.exec(await readFile(file, "utf8"))?.[1] : undefined;
  if (kept) return kept;
  throw new CannotStart(`${file} is gone; give the administrator's password: TESSERA_ADMIN_PASSWORD=… npm run demo`);
}

function begin(text: string): void {
  chapter += 1;
  console.log(`\n  ${chapter}. ${text}`);
}

function say(text: string): void {
  console.log(`     ${text}`);
}
