/** A value that is created at its first use and then kept. A failure is kept too. */
export interface Once<T> {
  get(): Promise<T>;
  /** The value if it has been created, without creating it. */
  peek(): Promise<T | undefined>;
}

export function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | undefined;
  return {
    get: () => {
      made ??= make();
      return made;
    },
    peek: async () => made?.catch(() => undefined),
  };
}
