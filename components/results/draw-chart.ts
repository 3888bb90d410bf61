import { barX, barY, lineY, plot, ruleX, ruleY } from "@observablehq/plot";
import type { ChartKind, ChartPoint } from "./chart";

const barHeight = 22;
const frameHeight = 320;
const labelLengthMax = 24;

/** Draws a chart as SVG, or as HTML with SVG in it. */
export function drawChart(
  points: ChartPoint[],
  { kind, names, title, width }: { kind: ChartKind; names: { x: string; y: string }; title: string; width: number },
): Element {
  const tip = { fill: "var(--surface)", stroke: "var(--edge)" };
  const style = { fill: "var(--clay)", tip };
  const data = { x: "x", y: "y" } as const;
  const common = {
    width,
    ariaLabel: title,
    className: "result-chart",
  };
  const isByText = typeof points[0]?.x === "string";
  // Bars of texts lie, so that there is room for the texts.
  const drawing =
    kind === "bars" && isByText
      ? plot({
          ...common,
          height: Math.max(120, new Set(points.map(({ x }) => x)).size * barHeight + 60),
          marginLeft: Math.min(180, width / 3),
          x: { label: names.y, grid: true },
          y: { label: null, tickFormat: shortened },
          marks: [barX(points, { x: "y", y: "x", sort: { y: null }, ...style }), ruleX([0])],
        })
      : plot({
          ...common,
          height: frameHeight,
          marginLeft: 60,
          marginBottom: 44,
          x: { label: names.x, ...(kind === "bars" && { type: "band", ticks: everyFew(points) }) },
          y: { label: names.y, grid: true },
          marks: [
            ruleY([0]),
            kind === "bars"
              ? barY(points, { ...data, ...style })
              : lineY(points, { ...data, stroke: "var(--clay)", tip }),
          ],
        });
  // The content security policy refuses styles without a nonce. app/globals.css has what it needs.
  for (const style of drawing.querySelectorAll("style")) style.remove();
  // It is one picture. Names of its parts are for elements with a role.
  for (const part of drawing.querySelectorAll("g[aria-label]")) part.removeAttribute("aria-label");
  (drawing.matches("svg") ? drawing : drawing.querySelector("svg"))?.setAttribute("role", "img");
  return drawing;
}

const labelsMax = 8;

/** The values of x that bars are labelled with: as many as there is room for. */
const everyFew = (points: ChartPoint[]) =>
  points.filter((_, at) => at % Math.ceil(points.length / labelsMax) === 0).map(({ x }) => x);

const shortened = (text: string) => (text.length > labelLengthMax ? `${text.slice(0, labelLengthMax - 1)}…` : text);
