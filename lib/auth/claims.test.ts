import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { now } from "../clock";
import { db, inTransaction } from "../db";
import { personName } from "../fields";
import { ensureRoles } from "../roles/roles";
import { findOrCreateAccount } from "../users/identities";
import { userName } from "../users/schema";
import { identityOf } from "./claims";

const iss = "https://id.example.org";

beforeAll(() => inTransaction(ensureRoles));

let created = 0;

/** The account that a new person with these claims gets. */
async function accountFor(claims: Record<string, unknown>) {
  const sub = `person-${++created}`;
  await findOrCreateAccount(identityOf({ ...claims, iss, sub }), { now: now(), ip: null, agent: null });
  return db.user.findUniqueOrThrow({
    where: { externalIdentity: `${iss}|${sub}` },
    select: { userName: true, fullName: true },
  });
}

describe("the account of a new person is named", () => {
  test.each([
    [
      { preferred_username: "j.doe", nickname: "jay", email: "jane@example.org", name: "Jane Doe" },
      "j.doe",
      "Jane Doe",
    ],
    [{ preferred_username: "Kim@Example.org", name: "Kim" }, "kim@example.org", "Kim"],
    [{ nickname: "jay", email: "jane2@example.org" }, "jay", "jay"],
    [{ email: "jane3@example.org", given_name: "Jane", family_name: "Roe" }, "jane3", "Jane Roe"],
    [{ name: "Ludwig van Beethoven" }, "ludwig.van.beethoven", "Ludwig van Beethoven"],
    [{ given_name: "Ada" }, "ada", "Ada"],
    [{ email: "only.mail@example.org" }, "only.mail", "only.mail"],
    [{ preferred_username: "山田", email: "yamada@example.org", name: "山田 太郎" }, "yamada", "山田 太郎"],
    [{ name: "Ada\u200b Lovelace\u202e" }, "ada.lovelace", "Ada Lovelace"],
    [{ preferred_username: "...", nickname: " ", email: "@example.org", name: "Élodie" }, "elodie", "Élodie"],
  ])("by %j", async (claims, name, full) => {
    expect(await accountFor(claims)).toEqual({ userName: name, fullName: full });
  });

  test.each([
    7,
    true,
    null,
    {},
    ["jane"],
    "",
    "  ",
    "\0",
    "a\u0007b",
    "line\nbreak",

    "\ud800",
    "x".repeat(101),
  ])("by another claim when one is %j", async (value) => {
    const wrong = { preferred_username: value, nickname: value, name: value, given_name: value };
    const { userName: name, fullName: full } = await accountFor({ ...wrong, email: "well@example.org" });
    expect(name).toMatch(/^well(-\d+)?$/);
    expect(full).toBe(name);
  });

  test("“user” with a number when no claim can be used", async () => {
    expect(await accountFor({})).toEqual({ userName: "user", fullName: "user" });
    expect(await accountFor({ name: 7, email: null })).toEqual({ userName: "user-2", fullName: "user-2" });
  });
});

test("whatever the claims are, the names of the account are valid", async () => {
  const value = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.string({ unit: "grapheme" }),
    fc.jsonValue(),
  );
  const names = ["preferred_username", "nickname", "email", "name", "given_name", "family_name"];
  const claims = fc.dictionary(fc.constantFrom(...names), value);
  await fc.assert(
    fc.asyncProperty(claims, async (some) => {
      const account = await accountFor(some);
      expect(userName.parse(account.userName)).toBe(account.userName);
      expect(personName.parse(account.fullName)).toBe(account.fullName);
    }),
    { numRuns: 80 },
  );
});
