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
  await code.press("Escape");
  await code.press("Control+z");
  await code.press("Control+z");
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
});
