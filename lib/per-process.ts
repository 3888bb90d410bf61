/** One thing of this process: call it to get the thing, which is made at the first call. */
export interface PerProcess<T> {
  (): T;
  /** The thing if there is one; makes none. */
  current(): T | undefined;
  /** Puts another in its place, without closing the former one. */
  replace(thing: T): void;
  /** Forgets the thing, without closing it: the next call makes another. */
  clear(): void;
}

/**
 * Keeps one thing per process. Next.js bundles pages separately from the server, so a variable of a module would exist
 * twice in one process; this one lives beside the modules.
 *
 * @param name must be used for one kind of thing only, in the whole project.
 */
export function perProcess<T>(name: string, make: () => T): PerProcess<T> {
  const slot = slotOf<T>(name);
  const get = () => {
    slot.thing ??= make();
    return slot.thing;
  };
  return Object.assign(get, {
    current: () => slot.thing,
    replace: (thing: T) => {
      slot.thing = thing;
    },
    clear: () => {
      slot.thing = undefined;
    },
  });
}

interface Slot<T> {
  thing?: T;
}

const shared = globalThis as unknown as { tessera?: Map<string, Slot<unknown>> };

function slotOf<T>(name: string): Slot<T> {
  shared.tessera ??= new Map();
  const slot = (shared.tessera.get(name) ?? {}) as Slot<T>;
  shared.tessera.set(name, slot);
  return slot;
}
