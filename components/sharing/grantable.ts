import type { GrantableItems } from "@/lib/tokens/schema";

/** The permissions that can be granted on an item: a grid, a few, or its only one. */
export type Grantable = { grid: GrantableItems } | { few: string[] } | { only: string };
