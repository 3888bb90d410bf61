import { actorOf, introduceCast } from "./cast";
import { type Instance, startInstance } from "./instance";
import { makeToken } from "./tokens";

export type ThreeInstances = [Instance, Instance, Instance];

/** Starts three server processes on the database of this one, and stops them once `use` has ended. */
export async function withThreeInstances<T>(use: (three: ThreeInstances) => Promise<T>): Promise<T> {
  const three: ThreeInstances = await Promise.all([
    startInstance("first"),
    startInstance("second"),
    startInstance("third"),
  ]);
  try {
    return await use(three);
  } finally {
    await Promise.all(three.map((each) => each.stop()));
  }
}

/** Introduces the cast. Returns the `Authorization` header of root, who has all permissions. */
export async function introduceRoot(): Promise<string> {
  const now = new Date();
  await introduceCast(now);
  const { value } = await makeToken(await actorOf("root", now), { allPermissions: true });
  return `Bearer ${value}`;
}
