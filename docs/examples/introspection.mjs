// A program of yours that accepts tokens of Tessera: Hono for the requests, openid-client for the introspection. `npm test` runs it.
//
//   npm install hono @hono/node-server openid-client
//   TESSERA_URL=https://tessera.example.org TESSERA_TOKEN=tsa_… node introspection.mjs
//
// TESSERA_TOKEN is a token of the program's own. It is the secret of the client; the client id can be anything. It needs no permission.

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import * as oauth from "openid-client";

/** @param {{ url: string, token: string, method?: "basic" | "post" }} settings */
export async function createProgram({ url, token, method = "basic" }) {
  const authentication = method === "basic" ? oauth.ClientSecretBasic(token) : oauth.ClientSecretPost(token);
  const tessera = await oauth.discovery(new URL(url), "my-program", token, authentication, {
    algorithm: "oauth2",
    // Only for a Tessera on this machine: elsewhere, tokens must travel by https.
    execute: new URL(url).protocol === "http:" ? [oauth.allowInsecureRequests] : [],
  });

  const program = new Hono();
  program.use(async (context, next) => {
    const presented = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    // The answer is not kept: a token that is revoked now is refused by the next request.
    const found = presented ? await oauth.tokenIntrospection(tessera, presented) : { active: false };
    if (!found.active) return context.text("A token is required.", 401, { "WWW-Authenticate": "Bearer" });
    if (!permits(found.scope)) return context.text("Not permitted.", 403);
    context.set("user", found.username);
    await next();
  });
  program.get("/reports", (context) => context.text(`Reports for ${context.get("user")}`));
  program.delete("/token", async (context) => {
    await oauth.tokenRevocation(tessera, context.req.header("authorization")?.replace(/^Bearer +/i, "") ?? "");
    return context.body(null, 204);
  });
  return program;
}

/** The scope names no permission that another one in it includes: all permissions are `*`, those of an item's owner `…:*`. */
const permits = (scope = "") =>
  scope.split(" ").some((each) => ["*", "repository/Reports:*", "repository/Reports:read"].includes(each));

const { TESSERA_URL: url, TESSERA_TOKEN: token } = process.env;
if (url && token) serve({ fetch: (await createProgram({ url, token })).fetch, port: 8000 });
