// The extension as a user gets it: the packaged .vsix, with the server inside, in a real VS Code.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { VSCode } from "./vscode.mjs";

const project = path.resolve(import.meta.dirname, "..", "..", "test", "project");
const lines = fs.readFileSync(path.join(project, "prefect.yaml"), "utf8").split("\n");

/** Line and column, counted from 1, of the first character of text, or of the one after it. */
function at(text, { end = false } = {}) {
  const line = lines.findIndex((l) => l.includes(text));
  assert.notEqual(line, -1, `${text} is not in the project`);
  return [line + 1, lines[line].indexOf(text) + 1 + (end ? text.length : 0)];
}

const about = (text) => (rows) => rows.some((row) => row.includes(text));
let code;

before(async () => {
  code = await VSCode.start({ vsix: process.env.VSIX, folder: project, file: "prefect.yaml", artifacts: process.env.ARTIFACTS });
});
after(() => code?.stop());

test("mistakes are problems, with a squiggle where they are", async () => {
  const rows = await code.problemsUntil((r) => about("imagee")(r) && about("intervall")(r), "both mistakes of the project");
  for (const text of ["imagee", "intervall"]) {
    const row = rows.find((r) => r.includes(text));
    assert.match(row, new RegExp(`line ${at(text)[0]} `), row);
  }
  await code.goTo(...at("imagee"));
  await code.until(() => code.squiggles(), (n) => n >= 1, "a squiggle");
  await code.screenshot("diagnostics");
  await code.picture("diagnostics");
});

test("hover says what a key means", async () => {
  await code.goTo(...at("job_variables"));
  const text = (await code.hover()).join("\n");
  assert.match(text, /job_variables|work pool/i);
  await code.screenshot("hover");
  await code.press("Escape");
});

test("go to definition leads from an alias to its anchor", async () => {
  const [line, column] = at("*pool");
  await code.goTo(line, column + 1);
  await code.press("F12");
  await code.until(() => code.position(), (p) => p.includes(`Ln ${at("&pool")[0]},`), "the caret at &pool");
});

test("completion offers the keys that fit, and the one chosen is written", async () => {
  await code.goTo(...at("flows/hello.py:my_flow", { end: true }));
  await code.type("\n  descr");
  const items = await code.complete();
  assert.ok(items.some((i) => i.startsWith("description")), `description is not among ${items.join(", ")}`);
  await code.screenshot("completion");
  await code.picture("completion");
  await code.press("Escape");
  const back = (rows) => rows.some((r) => r.includes("intervall") && r.includes(`line ${at("intervall")[0]} `));
  for (let i = 0; i < 3; i++) await code.press("Control+z");
  await code.problemsUntil(back, "the other mistake where it was");
});

test("the quick fix of a finding mends it, and is undone", async () => {
  await code.goTo(...at("imagee"));
  await code.quickFix("build-image.image");
  await code.problemsUntil((r) => !about("imagee")(r) && about("intervall")(r), "only the other mistake");
  await code.press("Control+z");
  await code.problemsUntil(about("imagee"), "the mistake again");
});

test("mending a mistake makes its problem go away", async () => {
  const [line, column] = at("imagee", { end: true });
  await code.goTo(line, column);
  await code.press("Backspace");
  const rows = await code.problemsUntil((r) => !about("imagee")(r) && about("intervall")(r), "only the other mistake");
  assert.ok(!about("imagee")(rows));
  await code.screenshot("mended");
});

test("the server can be restarted, and reports again", async () => {
  await code.command("prefectc: Restart the Language Server");
  await code.problemsUntil(about("intervall"), "the mistake, from the new server");
});

test("a changed setting starts the server it names", async () => {
  const marker = path.join(code.root, "started");
  const wrapper = path.join(code.root, "my-prefect-lsp");
  const bundled = fs.globSync(path.join(code.root, "extensions", "prefectc.prefectc-*", "bin", "prefect-lsp"))[0];
  assert.ok(bundled, "the installed extension has no server inside");
  fs.writeFileSync(wrapper, `#!/bin/sh\ntouch '${marker}'\nexec '${bundled}' "$@"\n`, { mode: 0o755 });
  code.writeSettings({ "prefectc.server.path": wrapper });
  await code.until(() => fs.existsSync(marker), Boolean, "the configured server to start");
  await code.problemsUntil(about("intervall"), "the mistake, from the configured server");
  for (const args of [["--stdio"], []]) { // again, while servers start and stop
    fs.rmSync(marker);
    code.writeSettings({ "prefectc.server.path": wrapper, "prefectc.server.args": args });
    await code.until(() => fs.existsSync(marker), Boolean, "the server with other arguments to start");
    assert.deepEqual(await code.notifications(), []);
  }
  await code.problemsUntil(about("intervall"), "the mistake, from the last server");
  assert.deepEqual(await code.notifications(), []);
});

test("hover on a cron expression says when it fires", async () => {
  await code.goTo(...at("0 9 * * mon-fri"));
  const text = (await code.hover()).join("\n");
  assert.match(text, /at 09:00 on Monday through Friday/);
  assert.equal(text.match(/(Mon|Tue|Wed|Thu|Fri) \d{4}-\d\d-\d\d 09:00 UTC/g)?.length, 5, text);
  await code.screenshot("hover-cron");
  await code.press("Escape");
});

test("a step's new name is also written where its outputs are used", async () => {
  await code.goTo(at("intervall")[0], 1);
  await code.press("Control+Shift+k"); // the other mistake
  await code.problemsUntil((r) => r.every((row) => row.startsWith("Info:")), "no mistake");
  await code.goTo(...at("build-image"));
  await code.rename("built");
  const text = await code.savedText((t) => t.includes("{{ built.image }}"), "the new name in the template");
  assert.match(text, /^ {4}id: built$/m);
  assert.ok(!text.includes("build-image"), text);
  await code.screenshot("renamed");
});

test("the graph is a picture that follows the edits", async () => {
  await code.command("prefectc: Show the Graph");
  const picture = async () => (await code.panel(".sheet svg", "the picture")).locator(".sheet svg").innerHTML();
  await code.until(picture, (svg) => svg.includes("my-process-work-pool") && svg.includes("hello"), "the deployment and its work pool");
  await code.screenshot("graph");
  await code.picture("graph");
  await code.goTo(...at("- name: hello", { end: true }));
  await code.type("-again");
  await code.until(picture, (svg) => svg.includes("hello-again"), "the new name in the picture");
});

test("the lens above a deployment shows its plan", async () => {
  await code.until(() => code.lenses(), (all) => all.some((l) => l.includes("plan")), "the lens");
  const lens = code.page.locator(".codelens-decoration a", { hasText: "plan" }).first();
  let clicked = 0;
  const text = await code.until(async () => { // it may have been drawn before the edit of the name
    if (clicked === 0) {
      await lens.click();
      clicked = Date.now();
    }
    const texts = await Promise.all(code.page.frames().map((frame) => frame.locator(".deployment").allInnerTexts().catch(() => [])));
    return texts.flat().join("\n");
  }, (shown) => shown.includes("hello-again"), "the plan");
  for (const part of ["hello-again", "register", "flows/hello.py:my_flow", "my-process-work-pool", "0 9 * * mon-fri", "build_docker_image", "registry.example.org/hello:dev"]) {
    assert.ok(text.includes(part), `${part} is not in the plan:\n${text}`);
  }
  await code.screenshot("plan");
  await code.picture("plan");
});

test("the plan follows the saved file, and says why there is none", async () => {
  await code.goTo(...at("flows/hello.py:my_flow", { end: true }));
  await code.type("_gone");
  await code.savedText((t) => t.includes("my_flow_gone"), "the mistake on disk");
  const frame = await code.panel("pre.output:not(.deployment *)", "the reason");
  assert.match(await frame.locator("body").innerText(), /No plan yet[^]*my_flow_gone/);
  await code.screenshot("no-plan");
  for (const _ of "_gone") await code.press("Backspace");
  await code.savedText((t) => !t.includes("_gone"), "the mended file on disk");
  await code.panel(".deployment", "the plan again");
});

test("a snippet gives a deployment without a mistake", async () => {
  await code.goTo(...at("flows/hello.py:my_flow"));
  await code.press("Control+End");
  await code.type("prefect-deployment");
  const items = await code.complete();
  assert.ok(items.some((i) => i.includes("prefect-deployment-scheduled")), items.join(", "));
  await code.screenshot("snippet");
  await code.press("Enter");
  const text = await code.savedText((t) => t.includes("name: my-work-pool"), "the snippet in the file");
  assert.match(text, /\n- name: my-deployment\n {2}entrypoint: flows\/hello\.py:my_flow\n/);
  await code.press("Escape");
  await code.until(async () => (await code.panel(".deployment", "the plan")).locator("body").innerText(), (t) => t.includes("hello-again"), "the plan of the file with both");
  assert.deepEqual((await code.problems()).filter((row) => row.startsWith("Error:")), []);
});

test("completion of a step gives its required arguments", async () => {
  await code.goTo(...at("tag: dev", { end: true }));
  await code.type("\n- run_sh");
  const items = await code.complete();
  assert.ok(items.some((i) => i.startsWith("prefect.deployments.steps.run_shell_script")), items.join(", "));
  await code.screenshot("step");
  await code.press("Enter");
  await code.type("date");
  const text = await code.savedText((t) => t.includes("run_shell_script"), "the step in the file");
  assert.match(text, /\n- prefect\.deployments\.steps\.run_shell_script:\n {4}script: date\n/);
});

test("the walkthrough shows how to start", async () => {
  await code.command("Welcome: Open Walkthrough...");
  await code.type("Get Started with prefectc");
  await code.page.locator(".quick-input-list .monaco-list-row", { hasText: "Get Started with prefectc" }).first().waitFor();
  await code.press("Enter");
  const shown = await code.until(() => code.page.locator(".getting-started-step .step-title").allInnerTexts(), (all) => all.length > 0, "the steps");
  assert.deepEqual(shown.map((t) => t.trim()), ["Find mistakes", "Write", "See the graph", "See the plan", "Apply"]);
  await code.page.locator(".getting-started-step", { hasText: "See the plan" }).first().click();
  await code.page.waitForTimeout(500); // its text is drawn by a panel of its own
  await code.screenshot("walkthrough");
});

test("apply runs in a terminal", async () => {
  await code.command("prefectc: Apply in a Terminal");
  await code.until(() => code.terminal(), (t) => t.includes("cannot reach the Prefect API at http://127.0.0.1:9/api"), "what prefectc apply says");
  await code.screenshot("apply");
});
