/** Something that is made when it is first asked for, and then kept; a failure too. */
export interface Once<T> {
  get(): Promise<T>;
  /** What was made, if anything was asked for and could be made. */
  made(): Promise<T | undefined>;
}

export function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | undefined;
  return {
    get: () => {
      made ??= make();
      return made;
    },
    made: async () => made?.catch(() => undefined),
  };
}
