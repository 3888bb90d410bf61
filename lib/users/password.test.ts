import { describe, expect, test } from "vitest";
import { demandGoodPassword, hashPassword, isCorrectPassword, makeOneTimePassword } from "./password";

const names = ["ada", "Ada Lovelace"];

describe("a new password", () => {
  test.each([
    ["fourteen chars", "a7-Kd93kf_lqsP"],
    ["129 characters", "kfoe83jd7".repeat(15).slice(0, 129)],
  ])("is refused at %s", (_, password) => {
    expect(() => demandGoodPassword(password, names)).toThrow("Use 15 to 128 characters");
  });

  test.each([
    "passwordpassword",
    "Password12345678",
    "dragonbaseball99",
    "aaaaaaaaaaaaaaaaaaaa",
    "123456789012345",
    "qwertyuiopasdfgh",
    "abcabcabcabcabcabc",
    "polniypizdec110211",
    "AdaLovelaceAdaLovelace",
    "tessera-tessera-tessera",
    "ada.tessera.2026",
  ])("is refused when it is easily guessed: %s", (password) => {
    expect(() => demandGoodPassword(password, names)).toThrow("too easy to guess");
  });

  test.each([
    "correct horse battery staple",
    "nine bright lanterns",
    "k3v0-9wq2-zzp1-x",
    "ответственность за мост",
    "🦊 naps under 7 old oaks",
  ])("needs no rules of composition: %s", (password) => {
    expect(() => demandGoodPassword(password, names)).not.toThrow();
  });

  test("counts characters as people see them, not code units", () => {
    expect(() => demandGoodPassword("🦊🐙🦉🐌🐝🦋🐢🦎🐙🦔🦇🐿🦫🦦", names)).toThrow("Use 15 to 128");
    expect(() => demandGoodPassword("🦊🐙🦉🐌🐝🦋🐢🦎🐙🦔🦇🐿🦫🦦🦥", names)).not.toThrow();
  });

  test("from the server is good and different each time", () => {
    const made = Array.from({ length: 100 }, makeOneTimePassword);
    for (const password of made) {
      expect(password).toMatch(/^([a-hjkmnp-z2-9]{5}-){4}[a-hjkmnp-z2-9]{5}$/);
      expect(() => demandGoodPassword(password, names)).not.toThrow();
    }
    expect(new Set(made).size).toBe(100);
  });
});

describe("a stored password", () => {
  test("is argon2id with the cost of the design", async () => {
    expect(await hashPassword("correct horse battery staple")).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test("matches itself in any Unicode composition, and nothing else", async () => {
    const stored = await hashPassword("Zwölf Boxkämpfer jagen");
    expect(await isCorrectPassword(stored, "Zwo\u0308lf Boxka\u0308mpfer\u00a0jagen")).toBe(true);
    expect(await isCorrectPassword(stored, "zwölf boxkämpfer jagen")).toBe(false);
  });

  test("that is absent matches nothing", async () => {
    expect(await isCorrectPassword(null, "correct horse battery staple")).toBe(false);
  });
});
