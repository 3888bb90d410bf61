import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/lib/db";
import type { Actor } from "@/lib/permissions/actor";
import { removeAbandoned } from "@/lib/repositories/clean-up";
import { removeFile } from "@/lib/repositories/commands";
import { putFile } from "@/lib/repositories/put-file";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeDataFolder } from "@/testing/data-folder";
import { type S3Server, startS3Server } from "@/testing/s3-server";
import { submitRun } from "./commands";
import { startJobs } from "./worker";

let folder: string;
let server: S3Server;
let ada: Actor;

beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startS3Server();
  Object.assign(process.env, server.settings, { TESSERA_DATA_DIR: folder });
  await introduceCast(new Date());
  ada = await actorOf("ada", new Date());
  await putFile(ada, { repository: "Rivers", file: "gauge.bin" }, randomBytes(8_000_000));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const send: RequestListener = (_, response) => {
  response.writeHead(206, { "Content-Length": 8_000_000 });
  const timer = setInterval(() => response.write(Buffer.alloc(100)), 50);
  response.on("close", () => clearInterval(timer));
};

test.each<[string, RequestListener, object]>([
  ["a slow store puts the job back into the queue", send, { status: "queued", attempts: 0 }],
  ["a store that does not answer leaves the job to another", () => undefined, { status: "running", attempts: 1 }],
])("a server that stops while a job reads from %s, in 25 seconds at most", async (_, answer, expected) => {
  await putFile(ada, { repository: "Rivers", file: "old.bin" }, randomBytes(10));
  await removeFile(ada, { repository: "Rivers", file: "old.bin" });
  await removeAbandoned(new AbortController().signal);
  await db.$executeRaw`UPDATE contents SET remove_at = now() WHERE remove_at IS NOT NULL`;
  await server.pause(answer);
  const jobs = await startJobs();
  const { id } = await submitRun(ada, { repository: "Rivers", name: "gauge-levels" }, { parameters: {} });
  const stateOf = () => db.job.findUniqueOrThrow({ where: { id }, select: { status: true, attempts: true } });
  await expect.poll(stateOf, { timeout: 15_000 }).toEqual({ status: "running", attempts: 1 });
  const began = Date.now();
  await jobs.stop();
  expect(Date.now() - began).toBeLessThan(25_000);
  expect(await stateOf()).toEqual(expected);
  await server.resume();
  await db.job.deleteMany();
});
