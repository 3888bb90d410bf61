import { expect, test } from "vitest";
import { closeDatabase, db, inTransaction, pool } from "./db";

test("a time is read as it was written when the database server is in another time zone", async () => {
  const database = new URL(process.env.DATABASE_URL ?? "").pathname.slice(1);
  await pool().query(`ALTER DATABASE ${database} SET timezone TO 'Pacific/Auckland'`);
  await closeDatabase();

  const moment = new Date("2026-03-02T09:00:00.000Z");
  await db.user.create({ data: { userName: "ada", fullName: "Ada", createdAt: moment } });
  const { rows } = await pool().query("SELECT created_at = $1 AS same FROM users", [moment]);
  expect(rows).toEqual([{ same: true }]);
});

test("a transaction that is rolled back by a deadlock is repeated", async () => {
  const names = ["first", "second"];
  await db.user.createMany({ data: names.map((userName) => ({ userName, fullName: "" })) });
  let attempts = 0;
  let arrived = 0;
  let meet = (): void => undefined;
  const bothHoldOne = new Promise<void>((resolve) => {
    meet = resolve;
  });
  const change = (letter: string, order: string[]) =>
    inTransaction(async (tx) => {
      attempts++;
      for (const userName of order) {
        await tx.$executeRaw`UPDATE users SET full_name = full_name || ${letter} WHERE user_name = ${userName}`;
        if (++arrived === 2) meet();
        await bothHoldOne;
      }
    });
  await Promise.all([change("a", names), change("b", names.toReversed())]);
  expect(attempts).toBe(3);
  const rows = await db.user.findMany({ where: { userName: { in: names } }, select: { fullName: true } });
  for (const { fullName } of rows) expect([...fullName].sort().join("")).toBe("ab");
});
