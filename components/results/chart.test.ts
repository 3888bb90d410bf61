import { describe, expect, test } from "vitest";
import { firstChart, pointsOf } from "./chart";
import { type ResultTable, readResult } from "./result";

const tableOf = (csv: string) => readResult(csv, "csv") as ResultTable;

describe("the first chart of a table", () => {
  test.each([
    ["a line over times", "day,place,mm\n2026-01-01,A,1\n2026-01-02,B,2\n", { kind: "line", x: 0, y: 2 }],
    ["a line over months", "month,mm\n2026-01,1\n2026-02,2\n", { kind: "line", x: 0, y: 1 }],
    ["bars over texts", "id,place,latitude,mag\n1,A,61,2.5\n2,B,62,3\n", { kind: "bars", x: 1, y: 3 }],
    ["a line over years", "year,people\n1990,5\n2000,6\n", { kind: "line", x: 0, y: 1 }],
    ["a line over other numbers", "depth,heat\n1,5\n2,6\n", { kind: "line", x: 1, y: 0 }],
    ["labels if there is nothing else", "place,id\nA,5\nB,6\n", { kind: "bars", x: 0, y: 1 }],
    ["nothing without numbers", "place,name\nA,B\nC,D\n", null],
    ["nothing of one column", "mm\n1\n2\n", null],
    ["nothing of one row", "place,mm\nA,1\n", null],
    ["texts that only begin like times", "when,mm\n2026-01-01x,1\n2026-99-99,2\n", { kind: "bars", x: 0, y: 1 }],
  ])("is %s", (_, csv, expected) => {
    expect(firstChart(tableOf(csv))).toEqual(expected);
  });
});

describe("the points of a chart", () => {
  test("of a line are in the order of x, without rows that miss a value", () => {
    const table = tableOf("day,mm\n2026-01-03,3\n2026-01-01,1\n2026-01-02,\n,4\n2026-01-04,inf\n");
    const { points, omitted } = pointsOf(table, { kind: "line", x: 0, y: 1 });
    expect(points).toEqual([
      { x: new Date("2026-01-01"), y: 1 },
      { x: new Date("2026-01-03"), y: 3 },
    ]);
    expect(omitted).toBe(3);
  });

  test("of bars are in the order of the rows, and at most sixty", () => {
    const table = tableOf(`place,mm\n${Array.from({ length: 80 }, (_, at) => `P${80 - at},${at}`).join("\n")}\n`);
    const { points, omitted } = pointsOf(table, { kind: "bars", x: 0, y: 1 });
    expect([points.length, omitted, points[0], points.at(-1)]).toEqual([
      60,
      20,
      { x: "P80", y: 0 },
      { x: "P21", y: 59 },
    ]);
  });
});
