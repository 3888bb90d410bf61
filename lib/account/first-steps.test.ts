import { beforeAll, describe, expect, test } from "vitest";
import { makeApp } from "@/testing/apps";
import { actorOf, introduceCast } from "@/testing/cast";
import { makeToken } from "@/testing/tokens";
import { now } from "../clock";
import { db } from "../db";
import { getFirstSteps } from "./first-steps";

beforeAll(async () => {
  await introduceCast(now());
});

const stepsOf = async (name: "ada" | "olu") => {
  const steps = await getFirstSteps(await actorOf(name, now()));
  return Object.fromEntries(steps.map(({ step, isDone }) => [step, isDone]));
};

describe("the first steps", () => {
  test("are those that the permissions allow", async () => {
    expect(Object.keys(await stepsOf("ada"))).toEqual(["token", "use", "publish", "run", "app"]);
    expect(Object.keys(await stepsOf("olu"))).toEqual(["token", "use", "run"]);
  });

  test("are done when the user has done them, whatever others have done", async () => {
    const ada = await actorOf("ada", now());
    await db.token.deleteMany({ where: { kind: "api" } });
    expect(await stepsOf("ada")).toEqual({ token: false, use: false, publish: true, run: false, app: false });
    const { token } = await makeToken(ada, { permissions: ["jobs:access"] });
    expect(await stepsOf("ada")).toMatchObject({ token: true, use: false });
    await db.token.update({ where: { id: token.id }, data: { lastUsedAt: now() } });
    await db.job.create({
      data: {
        ownerId: ada.userId,
        repositoryName: "Rivers",
        workspaceName: "gauge-levels",
        tokenId: token.id,
        tokenName: token.name,
        tokenKind: "api",
        status: "succeeded",
        parameters: {},
        output: "json",
        submittedAt: now(),
      },
    });
    await makeApp(ada, { name: "Gauges" });
    expect(await stepsOf("ada")).toEqual({ token: true, use: true, publish: true, run: true, app: true });
    expect(await stepsOf("olu")).toEqual({ token: false, use: false, run: false });
  });
});
