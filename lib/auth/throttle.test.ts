import * as argon2 from "@node-rs/argon2";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { castPassword, introduceCast, signIn } from "@/testing/cast";
import { bearerOf } from "@/testing/tokens";
import { later, minutes, now } from "../clock";
import { db } from "../db";
import { Refusal } from "../errors";
import { checkPassword } from "./sign-in";
import { admitAttempt, waitAfter } from "./throttle";

// The real thing, counted.
vi.mock("@node-rs/argon2", async (importOriginal) => {
  const original = await importOriginal<typeof argon2>();
  return { ...original, verify: vi.fn(original.verify) };
});

const hashesCompared = () => vi.mocked(argon2.verify).mock.calls.length;
const start = now();

beforeAll(async () => void (await introduceCast(start)));
beforeEach(async () => {
  await db.rateLimit.deleteMany();
  vi.mocked(argon2.verify).mockClear();
});

const guess = (userName: string, at: Date, address = "192.0.2.1", password = "a wrong guess of hers") =>
  checkPassword({ username: userName, password }, { now: at, ip: address, agent: null }).then(
    () => "in",
    (error: unknown) => (error instanceof Refusal ? error.code : Promise.reject(error)),
  );

/** Makes `count` failed attempts, each as soon as it is admitted. Returns the time at which the next one is admitted. */
async function failTimes(count: number, userName: string, address?: string): Promise<Date> {
  let at = start;
  for (let failures = 1; failures <= count; failures++) {
    expect(await guess(userName, at, address)).toBe("unauthenticated");
    at = later(at, waitAfter(failures));
  }
  return at;
}

describe("while passwords are checked without end", () => {
  let release: () => void;
  let pending: Promise<string>[];

  beforeEach(async () => {
    let resolve = () => {};
    const released = new Promise<void>((done) => {
      resolve = done;
    });
    release = resolve;
    const { verify } = await vi.importActual<typeof argon2>("@node-rs/argon2");
    vi.mocked(argon2.verify).mockImplementation(async (...args) => {
      await released;
      return verify(...args);
    });
    pending = ["a", "b", "c", "d"].map((name, index) => guess(`nobody-${name}`, start, `203.0.113.${index}`));
    await vi.waitFor(() => expect(hashesCompared()).toBe(1), 10_000);
  });
  afterEach(async () => {
    release();
    await Promise.all(pending);
    const { verify } = await vi.importActual<typeof argon2>("@node-rs/argon2");
    vi.mocked(argon2.verify).mockImplementation(verify);
  });

  test("malformed and throttled attempts are refused at once", async () => {
    const malformed = checkPassword({ username: "" }, { now: start, ip: "198.51.100.9", agent: null });
    await expect(malformed).rejects.toMatchObject({ code: "unauthenticated" });
    pending.push(...Array.from({ length: 5 }, () => guess("eve", start, "198.51.100.7")));
    await vi.waitFor(async () => expect(await db.rateLimit.count({ where: { points: 5 } })).toBe(2), 10_000);
    expect(await guess("eve", start, "198.51.100.8")).toBe("too-many");
  });

  test("somebody who is signed in confirms their password before strangers who came earlier", async () => {
    let checkedCount = 0;
    const crowd = Array.from({ length: 40 }, (_, index) => guess(`other-${index}`, start, `203.0.113.${100 + index}`));
    for (const attempt of crowd) void attempt.then(() => checkedCount++);
    pending.push(...crowd);
    const olu = await bearerOf((await signIn("olu", start)).value.reveal(), start);
    const confirmed = checkPassword({ username: "olu", password: castPassword }, olu, olu);
    await vi.waitFor(async () => expect(await db.rateLimit.count()).toBeGreaterThan(80), 10_000);
    release();
    await confirmed;
    expect(checkedCount).toBeLessThan(15);
  });

  test("one network has at most 50 attempts waiting", async () => {
    const attempts = Array.from({ length: 70 }, (_, index) => guess(`crowd-${index}`, start, "198.51.100.66"));
    pending.push(...attempts);
    let refusedCount = 0;
    for (const attempt of attempts) void attempt.then((code) => code === "too-many" && refusedCount++);
    await vi.waitFor(() => expect(refusedCount).toBe(20), 10_000);
  });
});

describe("guessing a password", () => {
  test("waits from the 5th failure on, twice as long each time, 15 minutes at most", () => {
    const seconds = Array.from({ length: 16 }, (_, index) => waitAfter(index + 1) / 1000);
    expect(seconds).toEqual([0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  test.each(["olu", "nobody-of-that-name"])("gets the same wait for %s", async (userName) => {
    const opens = await failTimes(7, userName);
    const early = later(opens, -1_500);
    await expect(
      checkPassword({ username: userName, password: castPassword }, { now: early, ip: "198.51.100.1", agent: null }),
    ).rejects.toMatchObject({
      code: "too-many",
      headers: { "Retry-After": "2" },
      message: expect.stringContaining("2 seconds"),
    });
    expect(await guess(userName, opens, "198.51.100.1")).toBe("unauthenticated");
  });

  test("of 200 at once, compares five hashes, as one after the other would", { timeout: 60_000 }, async () => {
    const burst = Array.from({ length: 200 }, (_, index) => guess("olu", start, `198.51.100.${index}`));
    const answers = await Promise.all(burst);
    expect(answers.filter((answer) => answer === "unauthenticated")).toHaveLength(5);
    expect(answers.filter((answer) => answer === "too-many")).toHaveLength(195);
    expect(hashesCompared()).toBe(5);
  });

  test("of 200 accounts at once from one address, compares fifty", { timeout: 60_000 }, async () => {
    const burst = Array.from({ length: 200 }, (_, index) => guess(`user${index}`, start, "2001:db8:1:2::9"));
    expect((await Promise.all(burst)).filter((answer) => answer === "unauthenticated")).toHaveLength(50);
    expect(hashesCompared()).toBe(50);
    expect(await guess("olu", start, "2001:db8:1:2:ffff::1"), "an address of the same network").toBe("too-many");
    expect(await guess("olu", start, "2001:db8:1:3::1"), "an address of another").toBe("unauthenticated");
  });

  test("refused costs neither the account nor the address a failure", async () => {
    const opens = await failTimes(5, "olu");
    for (let tries = 0; tries < 20; tries++) expect(await guess("olu", start, "198.51.100.7")).toBe("too-many");
    expect(await guess("ada", start, "198.51.100.7", castPassword)).toBe("in");
    expect(await guess("olu", opens, "198.51.100.7")).toBe("unauthenticated");
    expect(await guess("olu", later(opens, waitAfter(6) - 1), "198.51.100.7")).toBe("too-many");
  });

  test("leaves the victim's running session alone", async () => {
    const { value } = await signIn("olu", start);
    await failTimes(9, "olu");
    expect(await guess("olu", start, "203.0.113.5", castPassword)).toBe("too-many");
    expect(await bearerOf(value.reveal(), later(start, minutes(5)))).toMatchObject({ userName: "olu" });
  });
});

describe("signing in", () => {
  test("forgives the account its failures, and is itself none of the address", async () => {
    await failTimes(4, "olu", "203.0.113.9");
    for (let times = 0; times < 3; times++) expect(await guess("olu", start, "203.0.113.9", castPassword)).toBe("in");
    await failTimes(5, "olu", "203.0.113.10");
  });

  test("of an office through one address waits for nobody else's typing errors, and is itself none", async () => {
    const office = "203.0.113.22";
    await failTimes(5, "olu", office);
    expect(await guess("ada", start, office, castPassword)).toBe("in");
    for (let colleague = 0; colleague < 30; colleague++) {
      expect(await guess("mia", start, office)).toBe("unauthenticated");
      expect(await guess("mia", start, office)).toBe("unauthenticated");
      expect(await guess("mia", start, office, castPassword)).toBe("in");
    }
    expect(await guess("eve", start, office, castPassword)).toBe("in");
  });

  test("through an address with fifty failures waits, twice as long each time", async () => {
    const address = "203.0.113.23";
    for (let failures = 0; failures < 50; failures++) {
      expect(await guess(`stranger${failures}`, start, address)).toBe("unauthenticated");
    }
    expect(await guess("ada", later(start, 1_999), address, castPassword)).toBe("too-many");
    expect(await guess("stranger50", later(start, 2_000), address)).toBe("unauthenticated");
    expect(await guess("ada", later(start, 5_999), address, castPassword)).toBe("too-many");
    expect(await guess("ada", later(start, 6_000), address, castPassword)).toBe("in");
  });

  test("of a whole office through one address is not slowed down", async () => {
    for (let times = 0; times < 12; times++) expect(await guess("ada", start, "203.0.113.20", castPassword)).toBe("in");
  });

  test("at once by clocks that differ a little is no failure of anybody", async () => {
    expect(await guess("ada", start, "203.0.113.21", castPassword)).toBe("in");
    expect(await guess("olu", later(start, -40), "203.0.113.21", castPassword)).toBe("in");
  });

  test("compares one hash, whether or not there is such an account", async () => {
    for (const userName of ["olu", "nobody-of-that-name"]) {
      vi.mocked(argon2.verify).mockClear();
      await guess(userName, start);
      expect(hashesCompared()).toBe(1);
    }
  });
});

test("failures are forgotten after a day, those of an address after an hour", async () => {
  await failTimes(8, "olu", "203.0.113.30");
  expect(await guess("ada", later(start, minutes(70)), "203.0.113.30")).toBe("unauthenticated");
  await failTimesAt(later(start, minutes(25 * 60)), 5);
});

async function failTimesAt(at: Date, count: number): Promise<void> {
  for (let failures = 0; failures < count; failures++)
    expect(await guess("olu", at, "203.0.113.31")).toBe("unauthenticated");
}

test("what is typed as a user name is kept only as a digest", async () => {
  await guess("my password by mistake", start);
  expect((await db.rateLimit.findMany()).every(({ key }) => /^sign-in:(account|address):[0-9a-f]{64}$/.test(key))).toBe(
    true,
  );
});

test("an admitted attempt that did not reach the password check does not count", async () => {
  for (let times = 0; times < 8; times++) await (await admitAttempt("olu", "203.0.113.40", start)).abandoned();
  await failTimes(5, "olu", "203.0.113.40");
});
