import { expect, test } from "vitest";
import { closeDatabase, db, pool } from "./db";

test("a moment stays the same moment when the database server lives in another zone", async () => {
  const database = new URL(process.env.DATABASE_URL ?? "").pathname.slice(1);
  await pool().query(`ALTER DATABASE ${database} SET timezone TO 'Pacific/Auckland'`);
  await closeDatabase();

  const moment = new Date("2026-03-02T09:00:00.000Z");
  await db.user.create({ data: { userName: "ada", fullName: "Ada", createdAt: moment } });
  const { rows } = await pool().query("SELECT created_at = $1 AS same FROM users", [moment]);
  expect(rows).toEqual([{ same: true }]);
});
