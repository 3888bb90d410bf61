import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => void vi.resetModules());

let made = 0;

/** As a separately bundled copy of the module would load it. */
async function load(name: string) {
  const { perProcess } = await import("./per-process");
  return perProcess(name, () => ({ number: ++made }));
}

test("a module that is loaded twice has one thing, made at the first call", async () => {
  const before = made;
  const first = await load("shared");
  vi.resetModules();
  const second = await load("shared");
  expect(second.current()).toBeUndefined();
  expect(first()).toBe(second());
  expect(second.current()).toBe(first());
  expect(made).toBe(before + 1);
});

test("things of other names are others", async () => {
  const [one, other] = [await load("one"), await load("other")];
  expect(one()).not.toBe(other());
});

test("a thing that was cleared is made again, and one can be put in its place", async () => {
  const [first, second] = [await load("changed"), await load("changed")];
  const former = first();
  second.clear();
  expect(first.current()).toBeUndefined();
  expect(first()).not.toBe(former);
  first.replace(former);
  expect(second()).toBe(former);
});
