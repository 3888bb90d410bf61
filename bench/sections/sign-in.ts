import { randomBytes } from "node:crypto";
import { pool } from "@/lib/db";
import { hashPassword } from "@/lib/users/password";
import { CookieJar } from "@/testing/cookie-jar";
import { budgets } from "../budgets";
import { withComparisons } from "../compare";
import { measureEntrants } from "../entrants";
import type { LoadRequest } from "../load";
import { startLoadGenerator } from "../load-generator";
import { makeOwners } from "../many-tokens";
import { measureInTurn } from "../rounds";
import { judge, type Row } from "../row";
import type { Bench, Section } from "../section";
import { type Server, startServer } from "../start-server";
import { authorize } from "./verification";

const people = 200;
const floodConnections = 16;

const titles = { alone: "sign-ins, 1 at a time", aloneBare: "  argon2id alone, behind node:http" };

/** Sign-ins with user name and password, and verification at the same time. */
export const signIn: Section = {
  name: "sign-in",
  about: "Sign-in with the right password (argon2id)",
  async run({ sizes, generator, stock, product }: Bench): Promise<Row[]> {
    const { values } = await stock();
    const server = await product();
    const { request, userNames, password } = await prepareSignIns(server);
    generator.addValues("user names", userNames);
    generator.addValues("few", values.slice(0, 1_000));
    const signIns = { ...request, server, values: "user names", status: 200, connections: floodConnections };
    const verification = { ...authorize, server, values: "few", status: 200 };

    const measured = await measureEntrants(
      generator,
      [
        { ...signIns, title: titles.alone, connections: 1 },
        {
          ...signIns,
          title: titles.aloneBare,
          server: () => startServer("servers/argon2", { args: [password] }),
          connections: 1,
        },
        { ...signIns, title: `sign-ins, ${floodConnections} at a time` },
        { ...verification, title: "verification, 50 connections, without sign-ins" },
      ],
      sizes,
    );
    const rows = withComparisons(measured, [
      {
        ...{ row: titles.alone, to: titles.aloneBare, budget: budgets.signIn },
        ...{ what: "sign in with a password, one at a time", beside: "argon2id alone" },
      },
    ]);

    const signInGenerator = startLoadGenerator();
    try {
      signInGenerator.addValues("user names", userNames);
      const seconds = sizes.warmUpSeconds + sizes.rounds * sizes.seconds + 2;
      const { server: _, status: __, ...load } = signIns;
      const signInLoad = signInGenerator.measure({ ...load, port: server.port, seconds });
      const [during] = await measureInTurn(
        generator,
        [{ ...verification, title: `verification during ${floodConnections} sign-ins at a time` }],
        sizes,
      );
      const { perSecond } = await signInLoad;
      const row = { ...(during as Row), figure: `${perSecond.toFixed(0)} sign-ins/s` };
      return [...rows, { ...row, verdicts: [judge(budgets.besideFloodP99, row.p99 ?? Number.NaN)] }];
    } finally {
      signInGenerator.stop();
    }
  },
};

interface SignIns {
  request: LoadRequest;
  userNames: string[];
  password: string;
}

/** The request of the sign-in form, and the users who can sign in with it. */
async function prepareSignIns({ port }: Server): Promise<SignIns> {
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
    password,
    userNames: rows.map(({ user_name }) => user_name),
    request: {
      path: "/api/auth/callback/credentials",
      method: "POST",
      headers: {
        Host: `localhost:${port}`,
        Origin: origin,
        Cookie: cookies.header(),
        "Content-Type": "application/x-www-form-urlencoded",
      },
      body: `${new URLSearchParams({ csrfToken, password, json: "true" })}&username={value}`,
    },
  };
}
