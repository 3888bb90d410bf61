/** An expiration in a request: a time (RFC 3339), or a length that the server counts from its own time; neither keeps it. */
export interface ExpirationFields {
  expiresAt?: string;
  expiresInSeconds?: number;
}
