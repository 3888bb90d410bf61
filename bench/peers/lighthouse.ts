import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import type { Audit, Figures } from "../audit";

// `lighthouse.ts <JSON of an Audit>` measures a page with Lighthouse and prints the figures as JSON.

const { url, headers, browser, flags }: Audit = JSON.parse(process.argv[2] ?? "");
const chrome = await launch({ chromePath: browser, chromeFlags: ["--headless=new", "--disable-gpu", ...flags] });
try {
  const result = await lighthouse(url, {
    port: chrome.port,
    extraHeaders: headers,
    onlyCategories: ["performance", "accessibility"],
    logLevel: "error",
  });
  if (!result) throw new Error("Lighthouse gave no result.");
  const { categories, audits, runtimeError, finalDisplayedUrl } = result.lhr;
  if (runtimeError) throw new Error(runtimeError.message);
  if (finalDisplayedUrl !== url) throw new Error(`The page led to ${finalDisplayedUrl}.`);
  const score = (name: string) => Math.round((categories[name]?.score ?? Number.NaN) * 100);
  const value = (name: string) => audits[name]?.numericValue ?? Number.NaN;
  const figures: Figures = {
    performance: score("performance"),
    accessibility: score("accessibility"),
    largestPaint: value("largest-contentful-paint") / 1000,
    blocking: value("total-blocking-time"),
    layoutShift: value("cumulative-layout-shift"),
  };
  console.log(JSON.stringify(figures));
} finally {
  chrome.kill();
}
