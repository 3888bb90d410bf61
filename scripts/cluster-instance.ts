import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { env } from "@/lib/env";
import { serverArguments } from "@/lib/server/compile.mjs";
import { stopMessage } from "@/lib/server/run-until-signal";
import { CannotStart, note, printFailure, secondsSince } from "@/lib/server/steps";

const printedMax = 20_000;
const readyTimeoutMs = 120_000;
const restartDelayMs = 500;

/** An instance of `npm run cluster`: a server as `npm start` runs it, behind a load balancer on this machine. */
export class ClusterInstance {
  readonly origin: string;
  #child: ChildProcess | undefined;
  #printed = "";
  #isStopping = false;

  constructor(
    readonly number: number,
    readonly port: number,
  ) {
    this.origin = `http://127.0.0.1:${port}`;
  }

  description(): string {
    return `${this.origin}, process ${this.#child?.pid}`;
  }

  /** Resolves when it is ready. @throws CannotStart with its output when it ends before that or takes too long. */
  async start(): Promise<void> {
    const { port, baseUrl, trustedProxies } = env();
    this.#printed = "";
    const child = spawn(process.execPath, serverArguments(), {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: {
        ...process.env,
        PORT: String(this.port),
        TESSERA_BASE_URL: baseUrl ?? `http://localhost:${port}`,
        TESSERA_TRUSTED_PROXIES: [...trustedProxies, "127.0.0.1", "::1"].join(","),
      },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#printed = (this.#printed + chunk).slice(-printedMax);
      });
    }
    for (const deadline = Date.now() + readyTimeoutMs; Date.now() < deadline && this.isAlive(); await delay(50)) {
      if (
        await fetch(`${this.origin}/health/ready`).then(
          (answer) => answer.ok,
          () => false,
        )
      )
        return;
    }
    throw new CannotStart(`Instance ${this.number} did not become ready. It printed:\n${this.#printed}`);
  }

  isAlive(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Restarts it each time it ends. */
  restartWhenEnded(): void {
    const restart = async () => {
      if (this.#isStopping) return;
      note(`Instance ${this.number}`, `ended (${this.#child?.signalCode ?? this.#child?.exitCode}), restarting …`);
      await delay(restartDelayMs);
      if (this.#isStopping) return;
      const began = performance.now();
      try {
        await this.start();
        note(`Instance ${this.number}`, `ready again after ${secondsSince(began)} s: ${this.description()}`);
      } catch (error) {
        if (!this.#isStopping) printFailure(error);
      }
      this.restartWhenEnded();
    };
    if (this.isAlive()) this.#child?.once("exit", restart);
    else restart();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (!this.#child || !this.isAlive()) return;
    const ended = once(this.#child, "exit");
    this.#child.send(stopMessage);
    await ended;
  }
}
