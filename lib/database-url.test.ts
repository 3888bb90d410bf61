import { expect, test } from "vitest";
import { databaseHost, readDatabaseUrl } from "./database-url";

test.each([
  ["postgres://ada:secret@db.example.org:5432/tessera", "db.example.org:5432"],
  ["postgresql://ada@[2001:db8::1]:5433/tessera", "[2001:db8::1]:5433"],
  ["postgres:///tessera?host=/run/postgresql", "/run/postgresql"],
  ["postgres://ada:secret@/tessera?host=/run/postgresql", "/run/postgresql"],
  ["postgres://ada:secret@%2Frun%2Fpostgresql/tessera", "/run/postgresql"],
  ["postgres://ada@db.example.org/tessera?sslmode=verify-full&sslrootcert=/etc/ca.pem", "db.example.org"],
])("%s is read", (text, host) => {
  expect(databaseHost(text)).toBe(host);
  expect(databaseHost(readDatabaseUrl(text)?.href ?? "")).toBe(host);
});

test.each([
  "mysql://ada@db/tessera",
  "postgres://ada@db",
  "postgres:///tessera",
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
