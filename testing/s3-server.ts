import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "@20minutes/s3rver";

const bucket = "tessera-files";

/** An S3 server with one bucket. */
export interface S3Server {
  /** The settings of Tessera for it. */
  settings: Record<string, string>;
  countObjects(): Promise<number>;
  /** Refuses connections until `resume`, or answers with `answer` alone. */
  pause(answer?: RequestListener): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "tessera-s3-"));
  const listen = async (port: number) => {
    const configureBuckets = [{ name: bucket }];
    const server = new S3rver({ port, address: "127.0.0.1", silent: true, directory, configureBuckets });
    return { server, port: (await server.run()).port };
  };
  let { server, port } = await listen(0);
  let instead: Server | undefined;
  return {
    settings: {
      TESSERA_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      TESSERA_S3_BUCKET: bucket,
      TESSERA_S3_ACCESS_KEY_ID: "S3RVER",
      TESSERA_S3_SECRET_ACCESS_KEY: "S3RVER",
      TESSERA_S3_FORCE_PATH_STYLE: "true",
      TESSERA_S3_PREFIX: "data/",
    },
    countObjects: async () => {
      const names = await readdir(join(directory, bucket), { recursive: true });
      return names.filter((name) => name.endsWith("._S3rver_object")).length;
    },
    pause: async (answer) => {
      await closed(server);
      if (!answer) return;
      instead = createServer(answer).listen(port, "127.0.0.1");
      await once(instead, "listening");
    },
    resume: async () => {
      if (instead) {
        const ended = once(instead.close(), "close");
        instead.closeAllConnections();
        await ended;
      }
      instead = undefined;
      ({ server, port } = await listen(port));
    },
    stop: async () => {
      await closed(server);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Idle connections of the client would keep it open. */
async function closed(server: S3rver): Promise<void> {
  const ended = server.close();
  server.httpServer.closeAllConnections();
  await ended;
}
