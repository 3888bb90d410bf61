/** A page that Lighthouse is to look at. */
export interface Audit {
  url: string;
  headers: Record<string, string>;
  /** The path of Chromium. */
  browser: string;
  flags: string[];
}

/** What it says. Scores from 0 to 100; the paint in seconds, blocking in milliseconds. */
export interface Figures {
  performance: number;
  accessibility: number;
  largestPaint: number;
  blocking: number;
  layoutShift: number;
}
