import { createHttpServer } from "@/lib/front/http-server";
import { startUsage } from "@/lib/verification/usage";
import { serving } from "./serving";

// Tessera's own HTTP server, without pages. `--last-use-unwritten` leaves out the writer of last uses.
if (!process.argv.includes("--last-use-unwritten")) startUsage();
serving(createHttpServer(async (_, response) => void response.writeHead(404).end()).server);
