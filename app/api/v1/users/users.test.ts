import { beforeAll, describe, expect, test } from "vitest";
import { now } from "@/lib/clock";
import { castPassword, introduceCast, type PersonName, signIn } from "@/testing/cast";
import { credentialsOf, headersOf } from "@/testing/client";
import { bearerOf } from "@/testing/tokens";
import { GET as getRoles } from "../roles/route";
import { GET as getUser, PATCH } from "./[userName]/route";
import { GET, POST } from "./route";

beforeAll(async () => void (await introduceCast(now())));

/** A request with the session of a user, or without credentials for `null`. */
async function as(name: PersonName | null, method: string, path: string, body?: object): Promise<Request> {
  const credential = name ? headersOf(credentialsOf((await signIn(name, now())).value.reveal())) : {};
  const headers = { ...credential, "content-type": "application/json" };
  return new Request(`http://localhost:3000/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
}

const at = (userName?: string) => ({ params: Promise.resolve(userName === undefined ? {} : { userName }) });

describe("POST /users", () => {
  test("answers 201, where the account is, and its one-time password this once", async () => {
    const response = await POST(await as("mia", "POST", "/users", { userName: "Zoe-7", fullName: "Zoë" }), at());
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe("/api/v1/users/zoe-7");
    expect(await response.json()).toMatchObject({
      userName: "zoe-7",
      fullName: "Zoë",
      oneTimePassword: expect.stringMatching(/^(\w{5}-){4}\w{5}$/),
    });
    const read = await getUser(await as("mia", "GET", "/users/zoe-7"), at("zoe-7"));
    expect(await read.json()).not.toHaveProperty("oneTimePassword");
  });

  test.each([
    [{ fullName: "X" }, "userName"],
    [{ userName: "a b", fullName: "X" }, "userName"],
    [{ userName: "x", fullName: " " }, "fullName"],
    [{ userName: "x", fullName: "X", password: "short" }, "password"],
    [{ userName: "x", fullName: "X", roles: ["king"] }, "roles"],
    [{ userName: "x", fullName: "X", passwordHash: "$argon2id$" }, "passwordHash"],
    [{ userName: "x", fullName: "X\u0000" }, "fullName"],
  ])("refuses %j and names the field", async (body, field) => {
    const response = await POST(await as("mia", "POST", "/users", body), at());
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ field });
  });

  test("makes no second account of a name", async () => {
    const body = { userName: "OLU", fullName: "Another", password: castPassword };
    const response = await POST(await as("mia", "POST", "/users", body), at());
    expect([response.status, (await response.json()).field]).toEqual([409, "userName"]);
  });
});

describe("PATCH /users/{userName}", () => {
  test("disables an account: its tokens are refused from the answer on, and work again once it is enabled", async () => {
    const { value } = await signIn("olu", now());
    const disabled = await PATCH(await as("mia", "PATCH", "/users/olu", { enabled: false }), at("olu"));
    expect(await disabled.json()).toMatchObject({ userName: "olu", enabled: false });
    await expect(bearerOf(value.reveal(), now())).rejects.toMatchObject({ code: "unauthenticated" });
    await PATCH(await as("mia", "PATCH", "/users/olu", { enabled: true }), at("olu"));
    expect(await bearerOf(value.reveal(), now())).toMatchObject({ userName: "olu" });
  });

  test("tells an administrator that a superuser is out of reach, and a superuser that they are the last", async () => {
    const byMia = await PATCH(await as("mia", "PATCH", "/users/root", { enabled: false }), at("root"));
    const byRoot = await PATCH(await as("root", "PATCH", "/users/root", { roles: ["user"] }), at("root"));
    expect([byMia.status, byRoot.status]).toEqual([403, 409]);
    expect((await byRoot.json()).detail).toContain("last enabled superuser");
  });

  test("answers 404 for a user that does not exist", async () => {
    const answers = [
      await PATCH(await as("mia", "PATCH", "/users/nobody", { enabled: false }), at("nobody")),
      await getUser(await as("mia", "GET", "/users/no%20body"), at("no body")),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });
});

describe("accounts and roles", () => {
  test("are only for users who may manage them", async () => {
    const tries = [
      async (who: PersonName | null) => GET(await as(who, "GET", "/users"), at()),
      async (who: PersonName | null) => POST(await as(who, "POST", "/users", { userName: "x", fullName: "X" }), at()),
      async (who: PersonName | null) => getUser(await as(who, "GET", "/users/ada"), at("ada")),
      async (who: PersonName | null) => PATCH(await as(who, "PATCH", "/users/ada", { enabled: false }), at("ada")),
      async (who: PersonName | null) => getRoles(await as(who, "GET", "/roles"), at()),
    ];
    for (const trying of tries) {
      expect((await trying(null)).status).toBe(401);
      const refused = await trying("ada");
      expect([refused.status, (await refused.json()).permission]).toEqual([403, "users:manage"]);
    }
  });

  test("are listed, without a word of tokens, sessions or hashes", async () => {
    const users = await (await GET(await as("mia", "GET", "/users?limit=100"), at())).text();
    const roles = await (await getRoles(await as("mia", "GET", "/roles"), at())).json();
    expect(JSON.parse(users)).toMatchObject({ nextCursor: null });
    expect(users).not.toMatch(/token|session|argon2|hash|"id"/i);
    expect(roles.items.map(({ name }: { name: string }) => name)).toEqual(["admin", "author", "superuser", "user"]);
  });
});
