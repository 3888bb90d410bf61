import { beforeEach, describe, expect, test } from "vitest";
import { type Invalidation, isCurrent, type KnownToken, Memory, type Owner } from "./memory";

const server = 1;
const at = (number: number) => ({ server, number });
const nothing: Invalidation = { tokens: [], owners: [], everything: false };

const ownerCalled = (id: string): Owner => ({ id, held: new Set(), isDropped: false, referenced: false });

const tokenCalled = (id: string, owner: Owner): KnownToken => ({
  digest: `digest of ${id}`,
  id,
  kind: "api",
  name: id,
  enabled: true,
  expiresAt: new Date("2030-01-01"),
  extendedAt: null,
  allPermissions: true,
  inUrl: false,
  ownerId: owner.id,
  ownerName: owner.id,
  ownerEnabled: true,
  mustChangePassword: false,
  owner,
  given: new Set(),
  lastUse: null,
  isDropped: false,
  referenced: false,
});

let memory: Memory;
let owner: Owner;

/** Somebody recalled it, and now waits for the confirmation. */
let recalled: KnownToken;

beforeEach(() => {
  memory = new Memory(2);
  memory.moveTo(at(5), null, at(-1));
  owner = memory.keepOwner(ownerCalled("olu"), at(5));
  memory.keep(tokenCalled("first", owner), at(5));
  recalled = memory.get("digest of first") as KnownToken;
});

const change = (changes: Partial<Invalidation>) => memory.moveTo(at(6), [{ ...nothing, ...changes }], at(5));

test("what nothing was changed of is kept", () => {
  change({ tokens: ["another"] });
  expect(isCurrent(recalled)).toBe(true);
  expect(memory.get("digest of first")).toBe(recalled);
});

describe("what was recalled before is not kept", () => {
  test.each<[string, () => void]>([
    ["its token changed", () => change({ tokens: ["first"] })],
    ["its owner changed", () => change({ owners: ["olu"] })],
    ["everything changed", () => change({ everything: true })],
    ["the log no longer reaches back", () => memory.moveTo(at(6), null, at(5))],
    ["the server is another", () => memory.moveTo({ server: 2, number: 6 }, [], at(5))],
    ["it was forgotten", () => memory.forget("digest of first")],
  ])("when %s", (_, happens) => {
    happens();
    expect(isCurrent(recalled)).toBe(false);
    expect(memory.get("digest of first")).toBeUndefined();
  });

  test("when it was read again, so that a change of it reaches the one in memory", () => {
    memory.keep(tokenCalled("first", owner), at(5));
    expect(isCurrent(recalled)).toBe(false);
    const readAgain = memory.get("digest of first") as KnownToken;
    change({ tokens: ["first"] });
    expect(isCurrent(readAgain)).toBe(false);
  });

  test("but is, when another question of the same look-up kept it once more", () => {
    memory.keep(recalled, at(5));
    expect(isCurrent(recalled)).toBe(true);
    expect(memory.get("digest of first")).toBe(recalled);
    change({ tokens: ["first"] });
    expect(isCurrent(recalled)).toBe(false);
  });

  test("when it had to make room", () => {
    for (const id of ["second", "third", "fourth"]) memory.keep(tokenCalled(id, owner), at(5));
    expect(memory.size).toBe(2);
    expect(isCurrent(recalled)).toBe(false);
  });

  test("when its owner had to make room", () => {
    for (const id of ["ada", "eve", "root", "rex"]) memory.keepOwner(ownerCalled(id), at(5));
    expect(isCurrent(recalled)).toBe(false);
    expect(memory.get("digest of first")).toBeUndefined();
    expect(memory.size).toBe(0);
  });
});

test("a reading that began on the server before, and comes late, does not take the memory back", () => {
  const before = { server: 0, number: 9 };
  memory.moveTo(at(6), [], at(5));
  memory.moveTo(at(5), null, before);
  expect(memory.position).toEqual(at(6));
  memory.keep(tokenCalled("early", owner), at(5));
  expect(memory.get("digest of early")).toBeUndefined();
  memory.moveTo(at(7), null, before);
  expect(memory.position).toEqual(at(7));
  expect(memory.size).toBe(0);
});

test("lines that begin after what the memory knows are not enough", () => {
  memory.moveTo(at(8), [], at(7));
  expect(memory.get("digest of first")).toBeUndefined();
  expect(memory.position).toEqual(at(8));
});

describe("what was read before a change is not kept", () => {
  test("a token", () => {
    change({ tokens: ["another"] });
    memory.keep(tokenCalled("second", owner), at(5));
    expect(memory.get("digest of second")).toBeUndefined();
  });

  test("an owner, nor a token of an owner who is not kept", () => {
    change({ tokens: ["another"] });
    const late = memory.keepOwner(ownerCalled("ada"), at(5));
    expect(memory.owner("ada")).toBeUndefined();
    memory.keep(tokenCalled("second", late), at(6));
    expect(memory.get("digest of second")).toBeUndefined();
  });
});
