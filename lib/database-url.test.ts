import { userInfo } from "node:os";
import fc from "fast-check";
import { Client } from "pg";
import { expect, test, vi } from "vitest";
import { databaseHost, readDatabaseUrl } from "./database-url";

test.each([
  ["postgres://ada:secret@db.example.org:5432/tessera", "db.example.org:5432"],
  ["postgresql://ada@[2001:db8::1]:5433/tessera", "[2001:db8::1]:5433"],
  ["postgres:///tessera?host=/run/postgresql", "/run/postgresql"],
  ["postgres://ada:secret@/tessera?host=/run/postgresql", "/run/postgresql"],
  ["postgres://ada:secret@%2Frun%2Fpostgresql/tessera", "/run/postgresql"],
  ["postgres://ada@:5433/tessera?host=/run/postgresql", "/run/postgresql"],
  ["postgres://:5433/tessera?host=/run/postgresql", "/run/postgresql"],
  ["postgres://ada@db.example.org/tessera?sslmode=verify-full&sslrootcert=/etc/ca.pem", "db.example.org"],
])("%s is read", (text, host) => {
  expect(databaseHost(text)).toBe(host);
  expect(databaseHost(readDatabaseUrl(text)?.href ?? "")).toBe(host);
});

test.each([
  "mysql://ada@db/tessera",
  "postgres://ada@db",
  "postgres:///tessera",
  "postgres://ada@%zz/tessera",
  "tessera",
  "postgres://ada@db/tessera?sslmode=prefer",
  "postgres://ada@db/tessera?sslmode=on",
])("%s is refused", (text) => {
  expect(readDatabaseUrl(text)).toBeNull();
});

test("sslmode means what it means in libpq", () => {
  const url = readDatabaseUrl("postgres://ada@db/tessera?sslmode=require");
  expect(url?.searchParams.get("uselibpqcompat")).toBe("true");
});

test("any path of a socket or a certificate reaches the driver, also with its plus signs as they are", () => {
  const path = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }).map((text) => `/${text}`);
  const encode = (text: string, keepsPlus: boolean) =>
    keepsPlus ? encodeURIComponent(text).replaceAll("%2B", "+") : encodeURIComponent(text);
  fc.assert(
    fc.property(path, fc.boolean(), (folder, keepsPlus) => {
      const escaped = encode(folder, keepsPlus);
      const hostOf = (text: string) => clientOf(text).host;
      expect(hostOf(`postgres:///tessera?host=${escaped}`)).toBe(folder);
      expect(hostOf(`postgres://ada@:5433/tessera?host=${escaped}`)).toBe(folder);
      expect(hostOf(`postgres://ada@${encodeURIComponent(folder)}/tessera`)).toBe(folder);
      const certificate = readDatabaseUrl(`postgres://ada@db/tessera?sslmode=verify-full&sslrootcert=${escaped}`);
      expect(certificate?.searchParams.get("sslrootcert")).toBe(folder);
    }),
  );
});

test("on a socket sslmode has no effect, as in libpq", () => {
  const parameters = "sslmode=verify-full&sslrootcert=/etc/ca.pem";
  for (const text of [
    `postgres:///tessera?host=/run/postgresql&${parameters}`,
    `postgres://ada@%2Frun%2Fpostgresql/tessera?${parameters}`,
  ]) {
    const url = readDatabaseUrl(text);
    expect([...(url?.searchParams.keys() ?? [])]).not.toEqual(expect.arrayContaining([expect.stringMatching(/^ssl/)]));
  }
});

test("without a user it is PGUSER, or else the account of the operating system", () => {
  const userOf = (text: string) => clientOf(text).user;
  vi.stubEnv("PGUSER", "");
  for (const address of ["postgres://db/tessera", "postgres:///tessera?host=/run/postgresql"]) {
    expect(userOf(address)).toBe(userInfo().username);
  }
  vi.stubEnv("PGUSER", "olu");
  expect(userOf("postgres://db/tessera")).toBe("olu");
  expect(userOf("postgres://ada@db/tessera")).toBe("ada");
  expect(userOf("postgres:///tessera?host=/run/postgresql&user=ada")).toBe("ada");
});

/** A client that is not connected. */
function clientOf(text: string): Client {
  return new Client({ connectionString: readDatabaseUrl(text)?.href });
}
