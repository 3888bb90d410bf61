import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { hashPassword, isCorrectPassword } from "@/lib/users/password";
import { serveForBench } from "./serving";

// The check of a password alone, with the costs of Tessera and one at a time as there: `argon2.ts <password>`.

const passwordHash = await hashPassword(process.argv[2] ?? "");
const server = createServer(async (request, response) => {
  const password = new URLSearchParams(await text(request)).get("password") ?? "";
  response.writeHead((await isCorrectPassword(passwordHash, password)) ? 200 : 401, { "Content-Length": 2 });
  response.end("ok");
});
serveForBench(server);
