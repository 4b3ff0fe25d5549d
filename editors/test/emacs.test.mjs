// The language server in a real Emacs with Eglot, in batch mode, set up by editors/emacs/prefect.el.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

const here = import.meta.dirname;
const server = path.resolve(process.env.PREFECT_LSP);

test("Emacs shows diagnostics, completion, hover, definitions and actions, and the server leaves in good order", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "emacs-"));
  try {
    fs.cpSync(path.join(here, "project"), folder, { recursive: true });
    const file = path.join(folder, "prefect.yaml");
    const lines = fs.readFileSync(file, "utf8").split("\n");
    const at = (text, offset = 0) => { // counted from 0
      const line = lines.findIndex((l) => l.includes(text));
      assert.notEqual(line, -1, text);
      return [line, lines[line].indexOf(text) + offset];
    };
    const [line, column] = at("*pool", 1);
    const run = { // the edit puts a line before the one with the alias
      cmd: [server], file, timeout_ms: 60000, hover: at("job_variables"), codeAction: at("imagee"),
      edit: [line, 0, "  descr\n"], complete: [line, "  descr".length], definition: [line + 1, column],
    };
    const answer = JSON.parse(execFileSync(process.env.EMACS, ["--batch", "-Q", "-l", path.join(here, "eglot_drive.el")], {
      env: { ...process.env, LSP_CASE: JSON.stringify(run), HOME: folder }, timeout: 240_000, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"],
    }).trim().split("\n").at(-1));
    assert.equal(answer.error, undefined);
    assert.equal(answer.mode, "prefect-yaml-mode");
    for (const text of ["imagee", "intervall"]) {
      const found = answer.diagnostics.find((d) => d.text.includes(text));
      assert.ok(found, `no diagnostic about ${text}: ${JSON.stringify(answer.diagnostics)}`);
      assert.equal(found.line, at(text)[0]);
    }
    assert.notDeepEqual(answer.diagnostics_after_edit, answer.diagnostics, "the edit changed nothing");
    assert.ok(answer.completion.some((c) => c.startsWith("description")), JSON.stringify(answer.completion));
    assert.match(JSON.stringify(answer.hover), /job_variables|work pool/i);
    assert.match(JSON.stringify(answer.definition), new RegExp(`"line": ?${at("&pool")[0]}`));
    assert.match(JSON.stringify(answer.codeAction), /build-image\.image/);
    assert.equal(answer.exit, "shutdown answered");
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
