import type { TokenView } from "@/lib/tokens/schema";

/** The initial values of the token form. */
export type TokenDraft = Pick<
  TokenView,
  "name" | "description" | "enabled" | "inUrl" | "allPermissions" | "permissions"
>;

/** The values of an existing token. */
export const draftOf = ({ name, description, enabled, inUrl, allPermissions, permissions }: TokenView): TokenDraft => ({
  name,
  description,
  enabled,
  inUrl,
  allPermissions,
  permissions,
});
