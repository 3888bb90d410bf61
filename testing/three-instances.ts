import { actorOf, introduceCast } from "./cast";
import { type Instance, startInstance } from "./instance";
import { makeToken } from "./tokens";

export type Three = [Instance, Instance, Instance];

/** Three server processes on the database of this one, for as long as they are used. */
export async function withThreeInstances<T>(use: (three: Three) => Promise<T>): Promise<T> {
  const three: Three = await Promise.all([startInstance("first"), startInstance("second"), startInstance("third")]);
  try {
    return await use(three);
  } finally {
    await Promise.all(three.map((each) => each.stop()));
  }
}

/** Introduces the cast. Answers the `Authorization` header of the one among them who may do everything. */
export async function introduceRoot(): Promise<string> {
  const now = new Date();
  await introduceCast(now);
  const { value } = await makeToken(await actorOf("root", now), { allPermissions: true });
  return `Bearer ${value}`;
}
