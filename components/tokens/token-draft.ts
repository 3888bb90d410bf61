import type { TokenView } from "@/lib/tokens/schema";

/** What the token form starts with. */
export type TokenDraft = Pick<
  TokenView,
  "name" | "description" | "enabled" | "inUrl" | "allPermissions" | "permissions"
>;

/** The settings of an existing token, to start from. */
export const draftOf = ({ name, description, enabled, inUrl, allPermissions, permissions }: TokenView): TokenDraft => ({
  name,
  description,
  enabled,
  inUrl,
  allPermissions,
  permissions,
});
