import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken, morning } from "@/testing/tokens";
import { firstFree, suggestCopyName } from "./copy-name";
import { tokenName } from "./schema";

beforeAll(() => introduceCast(morning));

test("a copy gets the first name after its original's that its owner has free", async () => {
  const ada = await actorOf("ada", morning);
  expect(await suggestCopyName(ada, "nightly")).toBe("nightly copy");
  await makeToken(ada, { name: "nightly copy" });
  await makeToken(await actorOf("eve", morning), { name: "nightly copy 2" });
  expect(await suggestCopyName(ada, "nightly")).toBe("nightly copy 2");
  expect(await suggestCopyName(ada, "nightly copy")).toBe("nightly copy 2");
  expect(await suggestCopyName({ ...ada, owner: new Set() }, "nightly")).toBe("nightly copy");
});

test("the copy of any name has a name that is allowed and free", () => {
  const anyName = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 100 })
    .filter((name) => tokenName.safeParse(name).data === name);
  fc.assert(
    fc.property(anyName, fc.nat({ max: 12 }), (name, copies) => {
      const taken = new Set<string>();
      for (let copy = 0; copy <= copies; copy++) {
        const next = firstFree(name, taken);
        expect(tokenName.safeParse(next).data, next).toBe(next);
        expect(taken.has(next)).toBe(false);
        taken.add(next);
      }
    }),
  );
});
