import { createHttpServer } from "@/lib/front/http-server";
import { startUsage } from "@/lib/verification/usage";
import { serveForBench } from "./serving";

// Tessera's own HTTP server, without pages. `--last-use-unwritten` switches off the writing of last uses.
if (!process.argv.includes("--last-use-unwritten")) startUsage();
serveForBench(createHttpServer(async (_, response) => void response.writeHead(404).end()).server);
