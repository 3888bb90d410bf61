import { expect, test } from "vitest";
import { asCannotStart, asStartFailure } from "./start-failure";

test.each([
  ["CERT_HAS_EXPIRED", "Renew the certificate"],
  ["CERT_NOT_YET_VALID", "check the clocks"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "Use a name of its certificate"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "Name the authority"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "Name the authority"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "Name the authority"],
])("a certificate with %s is told what helps", (code, cure) => {
  const failure = asCannotStart(Object.assign(new Error("The certificate is wrong"), { code }));
  expect(failure?.message).toMatch(/^Cannot use the database: The certificate is wrong\. /);
  expect(failure?.message).toContain(cure);
});

test.each([
  ["EACCES", "mkdir", "The server cannot start: EACCES: permission denied, mkdir '/data'."],
  ["ENOENT", "open", "The server cannot start: ENOENT: permission denied, open '/data'."],
  ["EACCES", "connect", "Cannot use the database: EACCES: permission denied, connect '/data'. Check the path"],
])("%s of %s is about the database only when it is of its socket", (code, syscall, sentence) => {
  const error = Object.assign(new Error(`${code}: permission denied, ${syscall} '/data'`), { code, syscall });
  expect((asStartFailure(error) as Error).message).toContain(sentence);
});

test("what Prisma says below its call is the cause", () => {
  const error = new Error(
    "\nInvalid `prisma.user.count()` invocation:\n\n\nThe table `public.users` does not exist.\n",
  );
  const { message } = asStartFailure(error) as Error;
  expect(message).toBe("The server cannot start: The table `public.users` does not exist.");
});
