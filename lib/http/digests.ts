import { invalid } from "../errors";

/** The SHA-256 of a digest header (RFC 9530) in hexadecimal, or null. Refuses `invalid` for a malformed one. */
export function announcedSha256(headers: Headers, names: readonly string[]): string | null {
  for (const name of names) {
    const [, value] = /(?:^|,)\s*sha-256\s*=([^,]*)/.exec(headers.get(name) ?? "") ?? [];
    if (value === undefined) continue;
    const [, base64] = /^:([A-Za-z\d+/]{43}=):\s*(?:;.*)?$/.exec(value) ?? [];
    if (!base64) throw invalid(name, `Write ${name} as sha-256=:<base64>:, with the SHA-256 of the file.`);
    return Buffer.from(base64, "base64").toString("hex");
  }
  return null;
}

/** The header for a SHA-256 in hexadecimal. */
export const sha256Digest = (hex: string) => `sha-256=:${Buffer.from(hex, "hex").toString("base64")}:`;
