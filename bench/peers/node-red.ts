import { randomBytes } from "node:crypto";
import { type EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveForBench } from "../servers/serving";

// A flow of Node-RED that checks a token: `node-red.ts <number of tokens>`.

interface NodeRed {
  init(server: Server, settings: object): void;
  start(): Promise<void>;
  events: EventEmitter;
  httpNode: RequestListener;
}

const RED: NodeRed = createRequire(import.meta.url)("node-red");
const values = Array.from({ length: Number(process.argv[2]) }, () => randomBytes(24).toString("base64url"));

const check = `
  const value = (msg.req.headers.authorization || "").slice("Bearer ".length);
  msg.statusCode = global.get("tokens").has(value) ? 200 : 401;
  msg.payload = "ok";
  return msg;`;
// Without places they would be taken for configuration.
const place = { z: "tab", x: 0, y: 0 };
const flow = [
  { id: "tab", type: "tab", label: "bench" },
  { ...place, id: "in", type: "http in", url: "/api/v1/authorize", method: "get", upload: false, wires: [["check"]] },
  { ...place, id: "check", type: "function", name: "check", func: check, outputs: 1, libs: [], wires: [["out"]] },
  { ...place, id: "out", type: "http response", statusCode: "", headers: {}, wires: [] },
];

const userDir = mkdtempSync(join(tmpdir(), "tessera-bench-node-red-"));
process.on("exit", () => rmSync(userDir, { recursive: true, force: true }));
writeFileSync(join(userDir, "flows.json"), JSON.stringify(flow));
const server = createServer();
RED.init(server, {
  userDir,
  flowFile: "flows.json",
  httpAdminRoot: false,
  httpNodeRoot: "/",
  credentialSecret: false,
  functionGlobalContext: { tokens: new Set(values) },
  logging: { console: { level: "warn" } },
  telemetry: { enabled: false },
});
server.on("request", RED.httpNode);
await Promise.all([once(RED.events, "flows:started"), RED.start()]);
serveForBench(server, { values });
