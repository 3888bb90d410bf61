import { db } from "@/lib/db";
import { act, createToken, expect, letTimePass, runEarthquakes, saveValue, test } from "./test";

test("a token lives from its creation to its removal", async ({ adasPage: page, ada, request }) => {
  test.slow();
  const value = await test.step("Ada creates a token for one workspace and sees its value once", async () => {
    const made = await createToken(page, "nightly");
    await expect(page.getByRole("row", { name: /nightly/ })).toContainText(`tsa_…${made.slice(-4)}`);
    expect(await page.content()).not.toContain(made);
    await page.reload();
    expect(await page.content()).not.toContain(made);
    return made;
  });

  await test.step("a program runs this workspace with it, and no other", async () => {
    const run = await runEarthquakes(request, value);
    expect(run.status()).toBe(200);
    const { type, features } = await run.json();
    expect(type).toBe("FeatureCollection");
    expect(features.length).toBeGreaterThan(0);
    expect((await runEarthquakes(request, value, "airports-by-state")).status()).toBe(404);
    expect((await request.get("/api/v1/tokens", { headers: { Authorization: `Bearer ${value}` } })).status()).toBe(403);
  });

  await test.step("it is refused while it is disabled, and works again when it is enabled", async () => {
    await act(page, "nightly", "Disable");
    await expect(page.getByRole("row", { name: /nightly/ })).toContainText("Disabled");
    const refused = await runEarthquakes(request, value);
    expect(refused.status()).toBe(401);
    expect(await refused.json()).toMatchObject({ detail: "This token is disabled." });

    await act(page, "nightly", "Enable");
    await expect(page.getByRole("row", { name: /nightly/ })).toContainText("Active");
    expect((await runEarthquakes(request, value)).status()).toBe(200);
  });

  await test.step("it is listed as expired until it is enabled with a new date", async () => {
    const { id } = await db.token.findFirstOrThrow({ where: { ownerId: ada.userId, name: "nightly" } });
    await letTimePass(id, 31 * 24 * 60);
    expect(await (await runEarthquakes(request, value)).json()).toMatchObject({ detail: "This token has expired." });
    await page.reload();
    const expired = page.getByRole("table", { name: "Expired" });
    await expect(expired.getByRole("row", { name: /nightly/ })).toBeVisible();

    await act(page, "nightly", "Enable…");
    const dialog = page.getByRole("dialog", { name: "Enable nightly" });
    await dialog.getByText("7 days").click();
    await dialog.getByRole("button", { name: "Enable token" }).click();
    await expect(page.getByRole("table", { name: "Active" }).getByRole("row", { name: /nightly/ })).toBeVisible();
    expect((await runEarthquakes(request, value)).status()).toBe(200);
  });

  await test.step("its duplicate has the same permissions and another value", async () => {
    await act(page, "nightly", "Duplicate");
    await expect(page.getByRole("heading", { name: "Duplicate nightly" })).toBeVisible();
    await expect(page.getByRole("group", { name: "Samples/nearby-earthquakes" }).getByLabel("Run")).toBeChecked();
    await page.getByLabel("Name", { exact: true }).fill("weekly");
    await page.getByRole("button", { name: "Create token" }).click();
    const another = await saveValue(page);
    expect(another).not.toBe(value);
    expect((await runEarthquakes(request, another)).status()).toBe(200);
  });

  await test.step("it is removed, and only the audit events name it", async () => {
    await act(page, "nightly", "Remove…");
    const dialog = page.getByRole("alertdialog", { name: "Remove nightly?" });
    await expect(dialog).toContainText(/Last used/);
    await dialog.getByRole("button", { name: "Remove token" }).click();
    await expect(page.getByRole("row", { name: /nightly/ })).toHaveCount(0);
    await expect(page.getByRole("row", { name: /weekly/ })).toBeVisible();
    const refused = await runEarthquakes(request, value);
    expect(refused.status()).toBe(401);
    expect(await refused.json()).toMatchObject({ detail: "This token is not valid." });
    const history = await db.auditEvent.findMany({
      where: { subjectName: "nightly", subjectOwnerId: ada.userId },
      orderBy: { id: "asc" },
      select: { action: true },
    });
    expect(history.map(({ action }) => action)).toEqual([
      "token.create",
      "token.disable",
      "token.enable",
      "token.enable",
      "token.remove",
    ]);
  });
});

test("several tokens are disabled and removed at once", async ({ adasPage: page }) => {
  for (const name of ["first", "second", "third"]) await createToken(page, name);
  await page.getByLabel("Select first").check();
  await page.getByLabel("Select third").check();
  await page.getByRole("button", { name: "Disable 2 tokens" }).click();
  await expect(page.getByRole("row", { name: /first/ })).toContainText("Disabled");
  await expect(page.getByRole("row", { name: /second/ })).toContainText("Active");
  await expect(page.getByRole("row", { name: /third/ })).toContainText("Disabled");

  await page.getByLabel("Select all: Active").check();
  await page.getByRole("button", { name: "Remove 3 tokens" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove 3 tokens" }).click();
  await expect(page.getByText("No API tokens yet")).toBeVisible();
});

test("the value cannot be left by accident, and can be copied, downloaded and tried", async ({ adasPage: page }) => {
  await page.goto("/settings/tokens/new?permission=workspace/Samples/nearby-earthquakes:run");
  await page.getByLabel("Name", { exact: true }).fill("once");
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog", { name: "Copy your token now" });
  await expect(dialog).toContainText("Token: once");
  await page.keyboard.press("Escape");
  await page.mouse.click(4, 4);
  await page.goBack();
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Done" })).toBeDisabled();

  const value = (await dialog.getByText(/^tsa_\w{46}$/).textContent()) ?? "";
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download" }).click();
  expect((await download).suggestedFilename()).toBe("tessera-token-once.txt");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy token" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(value);
  await expect(dialog.getByText(/curl /)).toContainText(value);
  await saveValue(page);
  expect(
    await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])),
  ).not.toContain(value);
});

test("errors are shown at their fields, and what was typed stays", async ({ adasPage: page }) => {
  await createToken(page, "taken");
  await page.goto("/settings/tokens/new");
  await page.getByLabel("Name", { exact: true }).fill("taken");
  await page.getByLabel("Description").fill("A second one of that name.");
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByText("Choose at least one permission, or All Permissions.")).toBeVisible();
  await page.getByRole("radio", { name: "All Permissions" }).check();
  await page.getByRole("button", { name: "Create token" }).click();
  await expect(page.getByLabel("Name", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Description")).toHaveValue("A second one of that name.");
});

test("the permission grid can be searched, and implied permissions are checked and disabled", async ({
  adasPage: page,
}) => {
  await page.goto("/settings/tokens/new");
  const repository = page.getByRole("group", { name: /^Samples\s+Repository/ });
  const workspace = page.getByRole("group", { name: "Samples/nearby-earthquakes" }).getByLabel("Run");
  await repository.getByLabel("Run").check();
  await expect(workspace).toBeChecked();
  await expect(workspace).toBeDisabled();
  await repository.getByLabel("Run").uncheck();
  await expect(workspace).not.toBeChecked();

  const repositories = page.getByRole("group", { name: "Repositories" });
  await repositories.getByLabel("Create").check();
  await expect(repositories.getByLabel("Access")).toBeChecked();
  await expect(repositories.getByLabel("Access")).toBeDisabled();

  await page.getByLabel("Search permissions").fill("seattle");
  await expect(page.getByRole("group", { name: "Samples/seattle-weather-by-month" })).toBeVisible();
  await expect(page.getByRole("group", { name: "Samples/nearby-earthquakes" })).toHaveCount(0);
});

test("search, filter and order live in the URL", async ({ adasPage: page }) => {
  for (const name of ["alpha", "beta"]) await createToken(page, name);
  await page.getByRole("searchbox", { name: /^Search/ }).fill("alp");
  await expect(page.getByRole("row", { name: /beta/ })).toHaveCount(0);
  await expect(page).toHaveURL(/q=alp/);
  await page.reload();
  await expect(page.getByRole("searchbox", { name: /^Search/ })).toHaveValue("alp");
  await expect(page.getByRole("row", { name: /alpha/ })).toBeVisible();

  await page.goto("/settings/tokens?sort=name");
  await expect(page.getByRole("rowheader")).toHaveText([/alpha/, /beta/]);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await expect(page.getByRole("rowheader")).toHaveText([/beta/, /alpha/]);
});
