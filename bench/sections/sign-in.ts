import { randomBytes } from "node:crypto";
import { pool } from "@/lib/db";
import { hashPassword } from "@/lib/users/password";
import { CookieJar } from "@/testing/cookie-jar";
import { budgets } from "../budgets";
import type { LoadRequest } from "../load";
import { loadGenerator } from "../load-generator";
import { makeOwners } from "../many-tokens";
import { inTurn } from "../rounds";
import { judge, type Row } from "../row";
import type { Bench, Section } from "../section";
import type { Server } from "../start-server";
import { authorize } from "./verification";

const people = 200;
const floodConnections = 16;

/** Sign-ins with user name and password, and what they do to verification beside them. */
export const signIn: Section = {
  name: "sign-in",
  about: "Signing in with the right password (argon2id)",
  async run({ sizes, generator, stock, product }: Bench): Promise<Row[]> {
    const { values } = await stock();
    const server = await product();
    const { question, userNames } = await signInRequest(server);
    generator.keep("user names", userNames);
    generator.keep("few", values.slice(0, 1_000));
    const flooding = { ...question, server, values: "user names", status: 200, connections: floodConnections };
    const verifying = { ...authorize, server, values: "few", status: 200 };

    const rows = await inTurn(
      generator,
      [
        { ...flooding, title: "sign-ins, 1 at a time", connections: 1 },
        { ...flooding, title: `sign-ins, ${floodConnections} at a time` },
        { ...verifying, title: "verification, 50 connections, nobody signing in" },
      ],
      sizes,
    );

    const flood = loadGenerator();
    try {
      flood.keep("user names", userNames);
      const seconds = sizes.warmUpSeconds + sizes.rounds * sizes.seconds + 2;
      const { server: _, status: __, ...load } = flooding;
      const flooded = flood.measure({ ...load, port: server.port, seconds });
      const [beside] = await inTurn(
        generator,
        [{ ...verifying, title: `verification beside a flood of ${floodConnections}` }],
        sizes,
      );
      const { perSecond } = await flooded;
      const row = { ...(beside as Row), figure: `${perSecond.toFixed(0)} sign-ins/s` };
      return [...rows, { ...row, verdicts: [judge(budgets.besideFloodP99, row.p99 ?? Number.NaN)] }];
    } finally {
      flood.stop();
    }
  },
};

/** The form of the sign-in page, and people who may sign in with it. */
async function signInRequest({ port }: Server): Promise<{ question: LoadRequest; userNames: string[] }> {
  const password = randomBytes(15).toString("base64url");
  const ids = await makeOwners(people);
  const { rows } = await pool().query(
    "UPDATE users SET password_hash = $2 WHERE id = ANY($1::uuid[]) RETURNING user_name",
    [ids, await hashPassword(password)],
  );
  const origin = `http://localhost:${port}`;
  const answer = await fetch(`${origin}/api/auth/csrf`);
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const cookies = new CookieJar();
  cookies.keep(answer);
  return {
    userNames: rows.map(({ user_name }) => user_name),
    question: {
      path: "/api/auth/callback/credentials",
      method: "POST",
      headers: {
        Host: `localhost:${port}`,
        Origin: origin,
        Cookie: cookies.header(),
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: `${new URLSearchParams({ csrfToken, password, json: "true" })}&userName={value}`,
    },
  };
}
