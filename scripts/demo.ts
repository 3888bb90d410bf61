import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readSettings } from "@/lib/env";
import { CannotStart, printFailure, secondsSince } from "@/lib/server/steps";
import { createdToken } from "@/lib/tokens/schema";
import { DemoClient } from "./demo-client";

// `npm run demo`: shows the life of one token with real requests to a running server.

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

let stepNumber = 0;

try {
  await runDemo();
  process.exit(0);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

async function runDemo(): Promise<void> {
  const began = performance.now();
  const { baseUrl, port } = readSettings();
  const origin = baseUrl ?? `http://localhost:${port}`;
  await requireServer(origin);
  console.log(`\n  The life of an API token, shown at ${origin}`);

  const admin = new DemoClient(origin);
  startStep("The administrator signs in.");
  await admin.signIn("admin", await readAdminPassword());
  say("Signed in. This created a session token, which is sent as a cookie with each request from here on.");
  try {
    await showTokenLife(admin, origin);
  } finally {
    await admin.signOut();
  }
  console.log(
    `\n  Everything worked as described, in ${secondsSince(began)} s. Try it yourself: ${origin}/settings/tokens\n`,
  );
}

async function showTokenLife(admin: DemoClient, origin: string): Promise<void> {
  startStep("The administrator creates an API token for a program. It may run one workspace and do nothing else.");
  const answer = await admin.post("/api/v1/tokens", {
    name: `Demo ${new Date().toISOString()}`,
    expiresAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
    permissions: [permission],
  });
  await expectStatus(answer, 201, "the token is created");
  const { id, hint, value } = createdToken.parse(await answer.json());
  if (!value) throw new CannotStart("The response that created the token does not contain its value.");
  say(`${hint} has the permission ${permission}. Only this response contains its value; the server does not store it.`);

  const program = new DemoClient(origin, value);
  try {
    await tryToken(admin, program, id);
  } finally {
    startStep("The administrator removes the token.");
    await expectStatus(await admin.delete(`/api/v1/tokens/${id}`), 204, "the token is removed");
  }
  await expectStatus(await program.post(earthquakes, { parameters: place }), 401, "a removed token is rejected");
}

async function tryToken(admin: DemoClient, program: DemoClient, id: string): Promise<void> {
  startStep("The program runs the workspace: earthquakes of magnitude 2 and above within 100 km of Anchorage.");
  await showEarthquakes(program);

  startStep("The program tries to run another workspace of the same repository.");
  const other = await program.post(airports, { parameters: { STATE: "AK" } });
  await expectStatus(other, 404, "the token does not see this workspace", true);

  startStep("The administrator disables the token. It is rejected as soon as this request has been answered.");
  await expectStatus(await admin.patch(`/api/v1/tokens/${id}`, { enabled: false }), 200, "the token is disabled");
  await expectStatus(await program.post(earthquakes, { parameters: place }), 401, "a disabled token is rejected", true);

  startStep("The administrator enables the token. The same value works again.");
  await expectStatus(await admin.patch(`/api/v1/tokens/${id}`, { enabled: true }), 200, "the token is enabled");
  await showEarthquakes(program);
}

async function showEarthquakes(program: DemoClient): Promise<void> {
  const answer = await program.post(earthquakes, { parameters: place });
  await expectStatus(answer, 200, `job ${answer.headers.get("x-tessera-job")}`);
  const { features } = result.parse(await answer.json());
  if (features.length === 0) throw new CannotStart("The workspace ran but returned no earthquakes.");
  for (const { properties: quake } of features.slice(0, 4)) {
    say(
      `  M ${quake.magnitude.toFixed(1)}  ${quake.distance_km.toFixed(1).padStart(5)} km  ${quake.time}  ${quake.place}`,
    );
  }
  if (features.length > 4) say(`  and ${features.length - 4} more`);
}

/** Prints the request and the status of its response. @throws CannotStart when it is another status. */
async function expectStatus(answer: Response, status: number, meaning: string, showReason = false): Promise<void> {
  const request = DemoClient.requestOf(answer);
  say(`${request} → ${answer.status}${answer.status === status ? `, ${meaning}` : ""}`);
  if (answer.status !== status) {
    throw new CannotStart(
      `Expected status ${status} (${meaning}). The server answered ${answer.status}: ${await answer.text()}`,
    );
  }
  if (showReason) say(`  “${(await answer.json()).detail}”`);
}

async function requireServer(origin: string): Promise<void> {
  const answer = await fetch(`${origin}/health/ready`).catch(() => null);
  if (answer?.ok) return;
  throw new CannotStart(
    `Tessera does not answer at ${origin}. Start it in another terminal with npm start, then run this again.`,
  );
}

async function readAdminPassword(): Promise<string> {
  const { adminPassword, dataDir } = readSettings();
  if (adminPassword) return adminPassword;
  const file = join(dataDir, "first-sign-in.txt");
  const password = existsSync(file) ? /^Password:\s*(\S+)$/m.exec(await readFile(file, "utf8"))?.[1] : undefined;
  if (password) return password;
  throw new CannotStart(
    `${file} does not exist. Set the administrator's password: TESSERA_ADMIN_PASSWORD=… npm run demo`,
  );
}

function startStep(text: string): void {
  stepNumber += 1;
  console.log(`\n  ${stepNumber}. ${text}`);
}

function say(text: string): void {
  console.log(`     ${text}`);
}
