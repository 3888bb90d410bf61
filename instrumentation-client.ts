import { navigationStarted } from "@/components/shell/navigation-started";

/** Next.js calls it when a navigation within the console starts. */
export const onRouterTransitionStart = navigationStarted;
