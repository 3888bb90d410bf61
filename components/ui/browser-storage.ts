type Kind = "localStorage" | "sessionStorage";

/** The storage of the browser. Null if the browser is set to store nothing, because it then throws on access. */
export function storageOf(kind: Kind): Storage | null {
  try {
    return window[kind];
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

/** Stores a text. Returns false if the storage is full or the browser stores nothing. */
export function storeText(kind: Kind, key: string, text: string): boolean {
  const storage = storageOf(kind);
  try {
    storage?.setItem(key, text);
    return storage !== null;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return false;
  }
}
