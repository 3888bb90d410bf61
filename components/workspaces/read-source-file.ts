const bytesMax = 1_000_000;

/** Reads a workspace file, or says why it cannot be one. */
export async function readSourceFile(file: File): Promise<{ text: string } | { refused: string }> {
  if (file.size > bytesMax) return { refused: `${file.name} is larger than 1 MB, the limit of a workspace file.` };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()) };
  } catch (error) {
    if (error instanceof TypeError) return { refused: `${file.name} is not text in UTF-8. Save it in UTF-8 first.` };
    return { refused: `${file.name} cannot be read. It may have been moved.` };
  }
}
