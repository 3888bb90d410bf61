import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { now } from "@/lib/clock";
import { db, inTransaction } from "@/lib/db";
import { env } from "@/lib/env";
import { grantRows } from "@/lib/permissions/grants";
import { ensureRoles } from "@/lib/roles/roles";
import { createFirstAdministrator } from "@/lib/users/first-administrator";
import { makeOneTimePassword } from "@/lib/users/password";
import { publishSamples } from "@/lib/workspaces/samples";

const administrator = { userName: "admin", fullName: "Administrator" };

const samplePermissions = ["repository/Samples:read", "repository/Samples:run", "repository/Samples:download"];

/** Fills an empty database. The password is written to `first-sign-in.txt`, which only its owner can read, before the
 * transaction commits, so that a kill in between leaves no account without a known password. Refuses `invalid` on
 * `password` when TESSERA_ADMIN_PASSWORD is too weak. */
export async function seed(): Promise<void> {
  if ((await db.user.count()) > 0) return;
  const given = env().adminPassword;
  const password = given ?? makeOneTimePassword();
  await inTransaction(async (tx) => {
    await ensureRoles(tx);
    const ownerId = await createFirstAdministrator(
      tx,
      { ...administrator, password, mustChangePassword: false },
      now(),
    );
    await publishSamples(tx, ownerId);
    const grants = await grantRows(tx, samplePermissions);
    await tx.grant.createMany({ data: grants.map((grant) => ({ ...grant, roleName: "user" })) });
    await tx.grant.createMany({ data: grants.map((grant) => ({ ...grant, roleName: "author" })) });
    await writeFirstSignIn(given === null ? password : "(the value of TESSERA_ADMIN_PASSWORD)");
  });
}

async function writeFirstSignIn(password: string): Promise<void> {
  const { dataDir } = env();
  await mkdir(dataDir, { recursive: true });
  const text = `Username: ${administrator.userName}\nPassword: ${password}\n`;
  await writeFile(join(dataDir, "first-sign-in.txt"), text, { mode: 0o600 });
}
