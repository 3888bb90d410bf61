import type { TokenRow } from "../tokens/view";

/** What the memory cannot know of a token, because a change of it that takes nothing away is not in the change log. */
export type TokenDetails = Pick<
  TokenRow,
  | "description"
  | "lastFour"
  | "enabled"
  | "inUrl"
  | "createdAt"
  | "expiresAt"
  | "lastUsedAt"
  | "lastUsedAddress"
  | "lastUsedAgent"
  | "app"
>;

/** Times in milliseconds. */
export type DetailsRow = [
  id: string,
  description: string,
  lastFour: string,
  enabled: boolean,
  inUrl: boolean,
  createdAt: number,
  expiresAt: number,
  lastUsedAt: number | null,
  lastUsedAddress: string | null,
  lastUsedAgent: string | null,
  app: TokenDetails["app"],
];

export type DetailsById = ReadonlyMap<string, TokenDetails>;

const milliseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;

/** Reads the {@link DetailsRow} of each token whose id is in the parameter, as one JSON text; null when there is none. Arrays
 * and a subquery that only tokens of apps run take half the time of objects and a join. The number of ids is hidden from the
 * planner, which would plan the statement again for each short list. */
export const detailsSql = (ids: string) => `
  SELECT json_agg(json_build_array(
    t.id, t.description, t.last_four, t.enabled, t.in_url,
    ${milliseconds("t.created_at")}, ${milliseconds("t.expires_at")}, ${milliseconds("t.last_used_at")},
    t.last_used_address, t.last_used_agent,
    CASE WHEN t.app_id IS NOT NULL THEN
      (SELECT json_build_object('id', a.id, 'slug', a.slug) FROM apps a WHERE a.id = t.app_id) END))
  FROM tokens t WHERE t.id = ANY (ARRAY(SELECT unnest(${ids}::uuid[])))`;

export const detailsById = (rows: readonly DetailsRow[]): DetailsById => new Map(rows.map(entryOf));

function entryOf(row: DetailsRow): [string, TokenDetails] {
  const [id, description, lastFour, enabled, inUrl, created, expires, used, lastUsedAddress, lastUsedAgent, app] = row;
  const [createdAt, expiresAt] = [new Date(created), new Date(expires)];
  const lastUsedAt = used === null ? null : new Date(used);
  return [
    id,
    { description, lastFour, enabled, inUrl, createdAt, expiresAt, lastUsedAt, lastUsedAddress, lastUsedAgent, app },
  ];
}
