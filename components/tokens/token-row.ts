import { describePermission } from "@/lib/permissions/catalog";
import type { TokenView } from "@/lib/tokens/schema";

/** A token as its table shows it. */
export interface TokenRow extends TokenView {
  /** What `permissions` are called. The server says it, so that the browser does not load the catalog of permissions. */
  permissionNames: string[];
}

export const tokenRow = (token: TokenView): TokenRow => ({
  ...token,
  permissionNames: token.permissions.map(describePermission),
});
