/** What the memory cannot know of a token, because a change of it that takes nothing away is not in the change log. */
export interface TokenDetails {
  description: string;
  lastFour: string;
  enabled: boolean;
  inUrl: boolean;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
  lastUsedAgent: string | null;
  app: { id: string; slug: string } | null;
}

/** A row as JSON: times in milliseconds. */
export interface DetailsRow extends Omit<TokenDetails, "createdAt" | "expiresAt" | "lastUsedAt"> {
  id: string;
  createdAt: number;
  expiresAt: number;
  lastUsedAt: number | null;
}

export type DetailsById = ReadonlyMap<string, TokenDetails>;

const milliseconds = (column: string) => `extract(epoch FROM ${column}) * 1000`;

/** Reads the details of the tokens whose ids are in the parameter, as one JSON text; null when there is none. */
export const detailsSql = (ids: string) => `
  SELECT json_agg(json_build_object(
    'id', t.id, 'description', t.description, 'lastFour', t.last_four, 'enabled', t.enabled, 'inUrl', t.in_url,
    'createdAt', ${milliseconds("t.created_at")}, 'expiresAt', ${milliseconds("t.expires_at")},
    'lastUsedAt', ${milliseconds("t.last_used_at")}, 'lastUsedAddress', t.last_used_address, 'lastUsedAgent', t.last_used_agent,
    'app', CASE WHEN a.id IS NOT NULL THEN json_build_object('id', a.id, 'slug', a.slug) END))
  FROM tokens t LEFT JOIN apps a ON a.id = t.app_id WHERE t.id = ANY (${ids}::uuid[])`;

export const detailsById = (rows: readonly DetailsRow[]): DetailsById =>
  new Map(rows.map((row) => [row.id, detailsOf(row)]));

const detailsOf = (row: DetailsRow): TokenDetails => ({
  description: row.description,
  lastFour: row.lastFour,
  enabled: row.enabled,
  inUrl: row.inUrl,
  createdAt: new Date(row.createdAt),
  expiresAt: new Date(row.expiresAt),
  lastUsedAt: row.lastUsedAt === null ? null : new Date(row.lastUsedAt),
  lastUsedAddress: row.lastUsedAddress,
  lastUsedAgent: row.lastUsedAgent,
  app: row.app,
});
