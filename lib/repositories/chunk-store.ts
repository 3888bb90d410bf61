/** Its own bytes, or the name of the object in the S3 store that has them. */
export interface ChunkPlace {
  bytes: Uint8Array | null;
  object: string | null;
}

/** Where the bytes of chunks lie. Rows of `file_chunks` say what belongs to which content in every store. */
export interface ChunkStore {
  chunkBytes: number;
  /** Returns what the row of the chunk says. Without the row, the chunk does not exist. */
  put(contentId: string, bytes: Uint8Array): Promise<ChunkPlace>;
}
