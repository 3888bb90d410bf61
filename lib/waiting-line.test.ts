import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createWaitingLine } from "./waiting-line";

/** Tasks that end when the test ends them. */
function tasks() {
  const started: number[] = [];
  const ends = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const task = (number: number) => () => {
    started.push(number);
    return new Promise<number>((resolve, reject) => ends.set(number, { resolve: () => resolve(number), reject }));
  };
  return {
    started,
    task,
    end: (number: number) => ends.get(number),
    finish: (number: number) => ends.get(number)?.resolve(),
  };
}

test("so many at a time, then first come, first served", async () => {
  const { started, task, finish } = tasks();
  const line = createWaitingLine(2, 10);
  const answers = [1, 2, 3, 4].map((number) => line(task(number)));
  await nextTurn();
  expect(started).toEqual([1, 2]);
  finish(2);
  await nextTurn();
  expect(started).toEqual([1, 2, 3]);
  for (const number of [1, 3]) finish(number);
  await nextTurn();
  finish(4);
  expect(await Promise.all(answers)).toEqual([1, 2, 3, 4]);
});

test("one that comes when the line is full is refused, one that comes after is served", async () => {
  const { started, task, finish } = tasks();
  const line = createWaitingLine(1, 1);
  const answers = [line(task(1)), line(task(2))];
  await expect(line(task(3))).rejects.toMatchObject({ code: "unavailable", headers: { "Retry-After": "5" } });
  finish(1);
  await answers[0];
  const late = line(task(4));
  await nextTurn();
  finish(2);
  await nextTurn();
  finish(4);
  expect([await answers[1], await late, started]).toEqual([2, 4, [1, 2, 4]]);
});

test("a task that fails says so to its caller, and the next one begins", async () => {
  const { started, task, end, finish } = tasks();
  const line = createWaitingLine(1, 5);
  const [first, second] = [line(task(1)), line(task(2))];
  await nextTurn();
  end(1)?.reject(new Error("no luck"));
  await expect(first).rejects.toThrow("no luck");
  await nextTurn();
  finish(2);
  expect([await second, started]).toEqual([2, [1, 2]]);
});

test("a task that waited runs in the context of its caller", async () => {
  const context = new AsyncLocalStorage<string>();
  const line = createWaitingLine(1, 5);
  const ask = (name: string) =>
    context.run(name, () =>
      line(async () => {
        await nextTurn();
        return context.getStore();
      }),
    );
  expect(await Promise.all(["ada", "olu", "eve"].map(ask))).toEqual(["ada", "olu", "eve"]);
});
