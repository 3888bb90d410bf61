import { db } from "@/lib/db";
import { expect, test } from "./test";

/** Inserts jobs of a user that have ended, today. */
async function insertJobs(ownerId: string, jobs: { workspaceName: string; status: "succeeded" | "failed" }[]) {
  const { id: tokenId } = await db.token.findFirstOrThrow({ where: { ownerId }, select: { id: true } });
  const time = new Date();
  await db.job.createMany({
    data: jobs.map((job) => ({
      ...job,
      ownerId,
      repositoryName: "Samples",
      tokenId,
      tokenName: "session",
      tokenKind: "session" as const,
      parameters: {},
      output: "json",
      submittedAt: time,
      startedAt: time,
      finishedAt: time,
    })),
  });
}

/** Makes a job look as if a worker that is alive were running it. Returns its number. */
async function makeRun(ownerId: string, workspaceName: string): Promise<number> {
  const { id } = await db.job.findFirstOrThrow({ where: { ownerId, workspaceName }, select: { id: true } });
  const heartbeatAt = new Date(Date.now() + 3_600_000);
  await db.job.update({ where: { id }, data: { status: "running", finishedAt: null, heartbeatAt, attempts: 1 } });
  return id;
}

test("jobs are counted by status and day, and found by name and date", async ({ adasPage: page, ada }) => {
  await insertJobs(ada.userId, [
    { workspaceName: "tides", status: "succeeded" },
    { workspaceName: "tides", status: "failed" },
    { workspaceName: "winds", status: "succeeded" },
  ]);
  await page.goto("/jobs");
  const statuses = page.getByRole("navigation", { name: "Filter by status" });
  await expect(statuses.getByRole("link", { name: "All 3" })).toHaveAttribute("aria-current", "true");
  await page.getByText("Show numbers").click();
  await expect(page.getByRole("row", { name: /\(?UTC|Failed/ }).first()).toBeVisible();
  await statuses.getByRole("link", { name: "Failed 1" }).click();
  await expect(page).toHaveURL("/jobs?status=failed");
  await expect(page.getByRole("row", { name: /Samples\/tides/ })).toHaveCount(1);
  await page.goBack();
  await expect(statuses.getByRole("link", { name: "All 3" })).toHaveAttribute("aria-current", "true");

  await page.getByLabel("Search jobs").fill("wind");
  await expect(statuses.getByRole("link", { name: "All 1" })).toBeVisible();
  await expect(page.getByRole("row", { name: /Samples\/winds/ })).toHaveCount(1);
  await page.goto("/jobs?to=2020-01-31");
  await expect(statuses.getByRole("link", { name: "All 0" })).toBeVisible();
  await expect(page.getByText("No jobs match these filters.")).toBeVisible();
});

test("several jobs are run again, and those that have not ended are cancelled", async ({ adasPage: page, ada }) => {
  await insertJobs(ada.userId, [
    { workspaceName: "nearby-earthquakes", status: "failed" },
    { workspaceName: "gone", status: "failed" },
  ]);
  await db.job.updateMany({
    where: { ownerId: ada.userId },
    data: { parameters: { LATITUDE: 61.2, LONGITUDE: -149.9 } },
  });
  await page.goto("/jobs");
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
  const bar = page.getByRole("group", { name: "Selected rows" });
  await expect(bar.getByRole("button", { name: "Cancel" })).toBeDisabled();
  await bar.getByRole("button", { name: "Run again" }).click();
  await expect(page.getByText("Started again: 1 job")).toBeVisible();
  await expect(page.getByText(/^1 job not changed:/)).toBeVisible();
  await expect(page.getByRole("row", { name: /Succeeded/ })).toHaveCount(1, { timeout: 30_000 });

  await insertJobs(ada.userId, [{ workspaceName: "slow", status: "succeeded" }]);
  await makeRun(ada.userId, "slow");
  await page.reload();
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
  await bar.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Cancelled 1 job")).toBeVisible();
  await expect(page.getByRole("row", { name: /Samples\/slow/ })).toContainText("Cancelled");
});

test("the log of a running job grows on its page, and is saved as a file", async ({ adasPage: page, ada }) => {
  await insertJobs(ada.userId, [{ workspaceName: "slow", status: "succeeded" }]);
  const id = await makeRun(ada.userId, "slow");
  const write = (seq: number, text: string) =>
    db.jobLogLine.create({ data: { jobId: id, seq, at: new Date(), level: "info", text } });
  await write(10_000, "first line");
  await page.goto(`/jobs/${id}`);
  const log = page.getByRole("log");
  await expect(log).toContainText("first line");
  await write(10_001, "second line");
  await expect(log).toContainText("second line");
  await expect(log.getByRole("listitem")).toHaveCount(2);

  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download log" }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe(`job-${id}.log`);

  await write(10_002, "last line");
  await db.job.update({ where: { id }, data: { status: "succeeded", finishedAt: new Date() } });
  await expect(log).toContainText("last line");
  await expect(page.getByText(/^Running \d/)).toBeVisible();
});
