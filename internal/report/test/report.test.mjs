// Reports as a reader sees them: searched, sorted, by keyboard, dark and light, without a request to anywhere.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

const { chromium } = createRequire(path.join(process.env.PREFECTC_EDITORS, "package.json"))("playwright-core");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "report-"));
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
});
after(async () => {
  await browser?.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** Makes the report of a file with so many deployments. */
function report(name, yaml) {
  const dir = path.join(folder, name);
  fs.mkdirSync(dir);
  fs.writeFileSync(path.join(dir, "prefect.yaml"), yaml);
  const page = path.join(dir, "report.html");
  execFileSync(process.env.PREFECTC, ["report", "--now", "2026-01-05T00:00:00Z", "-o", page], { cwd: dir });
  return page;
}

/** Opens a page and keeps what it asks for beyond itself and what it complains about. */
async function open(file, colorScheme = "light") {
  const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
  page.asked = [];
  page.complaints = [];
  page.on("request", (r) => r.url().startsWith("file:") || page.asked.push(r.url()));
  page.on("console", (m) => m.type() === "error" && page.complaints.push(m.text()));
  page.on("pageerror", (e) => page.complaints.push(String(e)));
  await page.goto(pathToFileURL(file).href);
  return page;
}

const head = `pull:
- prefect.deployments.steps.set_working_directory: {directory: /opt}
deployments:
`;
const small = head + `- name: first
  entrypoint: flows/a.py:a
  work_pool: {name: blue}
  tags: [nightly]
  schedules: [{cron: "0 2 * * *", timezone: Europe/Berlin}, {interval: 3600, anchor_date: "2026-01-01T00:00:00+00:00"}]
- name: second <b>bold</b>
  entrypoint: flows/b.py:b
  work_pool: {name: blue, job_variabels: {}}
  schedules: [{cron: "0 2 * * *", timezone: Europe/Berlin}]
- name: third
  entrypoint: flows/c.py:c
  work_pool: {name: green}
  paused: true
  schedules: [{cron: "* * * * *"}]
`;

test("a small project: table, search, sorting, timeline, findings", async () => {
  const page = await open(report("small", small));
  const names = () => page.locator("#deployment-table tbody tr:visible th").allTextContents();
  assert.deepEqual(await names(), ["first", "second <b>bold</b>", "third"], "names are text, not markup");
  assert.match(await page.locator("#deployment-table tbody tr").first().textContent(), /at 02:00 every day, Europe\/Berlin/);

  await page.keyboard.press("Tab"); // the first stop leads to the content
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the deployments");
  await page.getByLabel("Search").first().fill("green paused");
  assert.deepEqual(await names(), ["third"]);
  assert.equal(await page.locator("output").first().textContent(), "1 of 3");
  await page.getByLabel("Search").first().fill("");

  const next = page.getByRole("button", { name: "Next run" });
  await next.focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await names(), ["first", "second <b>bold</b>", "third"]);
  await page.keyboard.press("Enter");
  assert.deepEqual((await names())[0], "third");
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");

  // 02:00 in Berlin is 01:00 UTC: both cron schedules and the hourly interval start then, on each of seven days.
  const clashes = await page.locator("#timeline ~ table tbody tr").allTextContents();
  assert.equal(clashes.length, 1);
  assert.match(clashes[0], /Mon 2026-01-05 01:007blue3first, first, second/);
  await page.getByText("Runs by day").click();
  assert.match(await page.locator("details table tbody").first().textContent(), /blue26{7}182|blue(26){7}182/);
  assert.ok(!(await page.locator(".lane .pool").allTextContents()).includes("green"), "what is paused does not run");

  assert.match(await page.locator("#finding-table").textContent(), /job_variabels/);
  assert.deepEqual(page.asked, []);
  assert.deepEqual(page.complaints, []);
  await page.screenshot({ path: path.join(process.env.ARTIFACTS, "small.png"), fullPage: true });
  await page.close();
});

test("sixty deployments in the dark, on a narrow screen", async () => {
  let yaml = "build:\n- prefect.deployments.steps.run_shell_script: {id: version, script: git rev-parse HEAD}\n" + head;
  for (let i = 0; i < 60; i++) {
    yaml += `- name: job-${i}\n  entrypoint: flows/team_${i % 7}/etl.py:flow_${i}\n  version: "{{ version.stdout }}"\n  work_pool: {name: pool-${i % 4}}\n  schedules: [{cron: "${i % 6} ${i % 24} * * *"}]\n`;
  }
  const page = await open(report("large", yaml), "dark");
  assert.equal(await page.locator("#deployment-table tbody tr").count(), 60);
  assert.equal(await page.locator(".lane").count(), 4);
  const [ink, paper] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]);
  assert.notEqual(ink, paper);
  assert.equal(paper, "rgb(13, 17, 23)");
  assert.deepEqual(page.complaints, []);
  await page.screenshot({ path: path.join(process.env.ARTIFACTS, "large-dark.png"), fullPage: true });
  await page.setViewportSize({ width: 420, height: 800 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
  await page.screenshot({ path: path.join(process.env.ARTIFACTS, "large-narrow.png") });
  await page.close();
});
