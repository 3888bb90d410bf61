export interface PerProcess<T> {
  (): T;
  current(): T | undefined;
  replace(value: T): void;
  clear(): void;
}

/** Keeps the value in `globalThis` under a unique name, because Next.js bundles pages apart from the server and a
 * variable of a module would exist twice. `replace` and `clear` do not close the former value. */
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
