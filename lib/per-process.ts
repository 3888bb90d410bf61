/** A function that returns one value of this process and makes it at the first call. */
export interface PerProcess<T> {
  (): T;
  /** Returns the value if it exists, and does not make it. */
  current(): T | undefined;
  /** Replaces the value without closing the former one. */
  replace(value: T): void;
  /** Removes the value without closing it. The next call makes another one. */
  clear(): void;
}

/**
 * Keeps one value per process. Next.js bundles pages separately from the server, so a variable of a module would exist twice
 * in one process. Therefore the value is stored in `globalThis`.
 *
 * @param name must be unique in the whole project.
 */
export function perProcess<T>(name: string, make: () => T): PerProcess<T> {
  const slot = slotOf<T>(name);
  const get = () => {
    slot.value ??= make();
    return slot.value;
  };
  return Object.assign(get, {
    current: () => slot.value,
    replace: (value: T) => {
      slot.value = value;
    },
    clear: () => {
      slot.value = undefined;
    },
  });
}

interface Slot<T> {
  value?: T;
}

const shared = globalThis as unknown as { tessera?: Map<string, Slot<unknown>> };

function slotOf<T>(name: string): Slot<T> {
  shared.tessera ??= new Map();
  const slot = (shared.tessera.get(name) ?? {}) as Slot<T>;
  shared.tessera.set(name, slot);
  return slot;
}
