// The language server in a real, headless Neovim.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";

const here = import.meta.dirname;
const server = path.resolve(process.env.PREFECT_LSP);

test("Neovim shows diagnostics, completion, hover and definitions, and the server leaves in good order", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "neovim-"));
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
      cmd: [server], file, timeout_ms: 30000, hover: at("job_variables"),
      edit: [line, 0, "  descr\n"], complete: [line, "  descr".length], definition: [line + 1, column],
    };
    const answer = JSON.parse(execFileSync("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", `luafile ${path.join(here, "nvim_lsp.lua")}`], {
      env: { ...process.env, LSP_CASE: JSON.stringify(run), XDG_CACHE_HOME: folder, XDG_STATE_HOME: folder }, timeout: 120_000, encoding: "utf8",
    }).trim().split("\n").at(-1));
    assert.equal(answer.error, undefined);
    for (const text of ["imagee", "intervall"]) {
      const found = answer.diagnostics.find((d) => d.message.includes(text));
      assert.ok(found, `no diagnostic about ${text}: ${JSON.stringify(answer.diagnostics)}`);
      assert.equal(found.lnum, at(text)[0]);
    }
    assert.notDeepEqual(answer.diagnostics_after_edit, answer.diagnostics, "the edit changed nothing");
    assert.ok(answer.completion.includes("description"), JSON.stringify(answer.completion));
    assert.match(JSON.stringify(answer.hover), /job_variables|work pool/i);
    assert.match(JSON.stringify(answer.definition), new RegExp(`"line": ?${at("&pool")[0]}`));
    assert.deepEqual(answer.exit, { code: 0, signal: 0 });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test("the settings of editors/neovim start the server for prefect and Python files", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "neovim-"));
  try {
    fs.cpSync(path.join(here, "project"), folder, { recursive: true });
    const answer = JSON.parse(execFileSync("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", `luafile ${path.join(here, "nvim_settings.lua")}`], {
      env: { ...process.env, PREFECT_LSP: server, CASE_SETTINGS: path.join(here, "..", "neovim", "prefect.lua"), CASE_FILE: path.join(folder, "prefect.yaml"),
        CASE_PYTHON: path.join(folder, "flows", "hello.py"), XDG_CACHE_HOME: folder, XDG_STATE_HOME: folder },
      timeout: 120_000, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"],
    }).trim().split("\n").at(-1));
    assert.ok(answer.diagnostics.some((m) => m.includes("intervall")), JSON.stringify(answer));
    assert.equal(answer.yaml, 1);
    assert.equal(answer.python, 1);
    assert.match(answer.omnifunc, /lsp/);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
