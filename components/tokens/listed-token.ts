import { describePermission } from "@/lib/permissions/catalog";
import type { TokenView } from "@/lib/tokens/schema";

/** A token as its table shows it. */
export interface ListedToken extends TokenView {
  /** The titles of `permissions`. The server sends them, so that the browser does not load the catalog. */
  permissionNames: string[];
}

export const tokenRow = (token: TokenView): ListedToken => ({
  ...token,
  permissionNames: token.permissions.map(describePermission),
});
