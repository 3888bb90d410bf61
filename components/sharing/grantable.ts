import type { GrantableItems } from "@/lib/tokens/schema";

/** What can be granted on an item: by the grid, some of a few, or the one permission that there is. */
export type Grantable = { grid: GrantableItems } | { few: string[] } | { only: string };
