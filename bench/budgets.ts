import type { Budget } from "./row";

/** The budgets of verification, pages and starts. Ratios compare figures of the same run on the same machine. */
export const budgets = {
  warm: { what: "of plain node:http", is: "≥", limit: 0.75, unit: "" },
  warmP99: { what: "p99", is: "≤", limit: 5, unit: "ms" },
  cold: { what: "of one query per request", is: "≥", limit: 1.5, unit: "" },
  growth: { what: "cost growth", is: "≤", limit: 1.1, unit: "×" },
  stale: { what: "stale answers", is: "≤", limit: 0, unit: "" },
  revocationP99: { what: "p99", is: "≤", limit: 50, unit: "ms" },
  listPage: { what: "p50", is: "≤", limit: 50, unit: "ms" },
  pagesPerSecond: { what: "pages/s", is: "≥", limit: 200, unit: "" },
  pageP50: { what: "p50", is: "≤", limit: 8, unit: "ms" },
  besideFloodP99: { what: "p99", is: "≤", limit: 6, unit: "ms" },
  memoryIdle: { what: "memory", is: "≤", limit: 250, unit: "MB" },
  memoryLoaded: { what: "memory", is: "≤", limit: 450, unit: "MB" },
  start: { what: "ready", is: "≤", limit: 4, unit: "s" },
  javascript: { what: "gzip", is: "≤", limit: 180, unit: "kB" },
  performance: { what: "performance", is: "≥", limit: 95, unit: "" },
  accessibility: { what: "accessibility", is: "≥", limit: 100, unit: "" },
  largestPaint: { what: "LCP", is: "≤", limit: 1.2, unit: "s" },
  blocking: { what: "TBT", is: "≤", limit: 150, unit: "ms" },
  layoutShift: { what: "CLS", is: "≤", limit: 0.02, unit: "" },
} as const satisfies Record<string, Budget>;
