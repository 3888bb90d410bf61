import fc from "fast-check";
import { expect, test } from "vitest";
import { appSlug } from "@/lib/apps/schema";
import type { WorkspaceView } from "@/lib/workspaces/schema";
import {
  firstIncomplete,
  openingDraft,
  placeOf,
  problemsAt,
  requestOf,
  slugFrom,
  slugOf,
  type WizardDraft,
} from "./draft";

const workspace: WorkspaceView = {
  repository: "Rivers",
  name: "gauge-levels",
  title: "Gauge levels",
  description: "",
  output: "json",
  parameters: [
    {
      name: "LEVEL",
      type: "integer",
      label: "Level",
      description: "",
      default: 100,
      optional: false,
      options: null,
      min: 0,
      max: 1000,
    },
  ],
  owner: "ada",
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: "2026-01-01T00:00:00Z",
  can: { run: true, download: true, replace: true, remove: true },
};

const nothing = {
  name: "",
  description: "",
  repository: "",
  workspace: "",
  parameters: [],
  frameOrigins: [],
  permissions: [],
};

const empty = openingDraft(nothing, [], 3650);
const complete: WizardDraft = { ...empty, name: "Levels", workspace: { repository: "Rivers", name: "gauge-levels" } };

test("one goes as far as everything before is complete", () => {
  expect(firstIncomplete(empty, null)).toBe("details");
  expect(firstIncomplete({ ...empty, name: "Levels" }, null)).toBe("workspace");
  const tooHigh = { ...complete, parameters: { hidden: [], values: { LEVEL: "5000" } } };
  expect(firstIncomplete(tooHigh, workspace)).toBe("parameters");
  expect(firstIncomplete({ ...complete, expiration: { days: "date" as const, date: "" } }, workspace)).toBe("access");
  expect(firstIncomplete(complete, workspace)).toBe("review");
});

test("the URL name follows the name until somebody writes it", () => {
  expect(slugOf({ name: "Séismes à Paris!", slug: null })).toBe("seismes-a-paris");
  expect(slugOf({ name: "Séismes", slug: "quakes" })).toBe("quakes");
  expect(problemsAt("details", { ...empty, name: "地震" }, null)).toHaveProperty("slug");
});

test("whatever URL name is made from a name, it is one, or there is nothing to make it from", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 90 }), (name) => {
      const slug = slugFrom(name);
      if (slug !== "" && slug !== "new") expect(appSlug.safeParse(slug).success, slug).toBe(true);
    }),
  );
});

test("a refusal is shown on the step where its field is", () => {
  expect(placeOf("slug")).toEqual({ step: "details", field: "slug" });
  expect(placeOf("repository")).toEqual({ step: "workspace", field: "workspace" });
  expect(placeOf("parameters.LEVEL")).toEqual({ step: "parameters", field: "LEVEL" });
  expect(placeOf("permissions.3")).toEqual({ step: "access", field: "permissions" });
  expect(placeOf("Idempotency-Key")).toBeNull();
  expect(placeOf(undefined)).toBeNull();
});

test("the request has what was entered, and the default where it is not the workspace's", () => {
  const draft = { ...complete, parameters: { hidden: ["LEVEL"], values: { LEVEL: "150" } } };
  expect(requestOf(draft, workspace, {})).toEqual({
    name: "Levels",
    slug: "levels",
    description: "",
    repository: "Rivers",
    workspace: "gauge-levels",
    parameters: [{ name: "LEVEL", shown: false, default: 150 }],
    frameOrigins: [],
    permissions: [],
  });
});
