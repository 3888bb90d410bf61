/** A page for Lighthouse to measure. */
export interface Audit {
  url: string;
  headers: Record<string, string>;
  /** The path of Chromium. */
  browser: string;
  flags: string[];
}

/** The figures of Lighthouse: scores from 0 to 100, the paint in seconds, blocking in milliseconds. */
export interface Figures {
  performance: number;
  accessibility: number;
  largestPaint: number;
  blocking: number;
  layoutShift: number;
}
