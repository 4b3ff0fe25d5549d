// A real VS Code for tests: code-server in headless Chromium, with one .vsix installed and one folder open. Its methods do
// what a person does, with keys and the mouse, and read what a person sees.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import os from "node:os";
import path from "node:path";

/** Where scripts/editors.sh put the editor. */
const editors = process.env.PREFECTC_EDITORS;
if (!editors) throw new Error("PREFECTC_EDITORS is not set: run editors/vscode/test/run.sh");
const { chromium } = createRequire(path.join(editors, "package.json"))("playwright-core");
const entry = path.join(editors, "node_modules", "code-server", "out", "node", "entry.js");

/** Generous: a loaded CI machine draws its first window slowly. Nothing here measures time. */
const patience = 240_000;

/** What would hide or delay what the server says, turned off. */
const quiet = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "git.enabled": false,
  "editor.wordBasedSuggestions": "off", // VS Code's own words would look like the server's completion
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.autoClosingBrackets": "never",
  "editor.autoClosingQuotes": "never",
  "editor.autoIndent": "none",
  "editor.lightbulb.enabled": "off",
  "terminal.integrated.gpuAcceleration": "off", // as text in the page, not as a picture
  "[yaml]": { "editor.autoIndent": "none", "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" } },
};

const visibleSuggestions = ".suggest-widget.visible .monaco-list-row";

export class VSCode {
  /** Installs vsix, copies the folder and opens file in it. Screenshots go to artifacts. */
  static async start({ vsix, folder, file, settings = {}, artifacts }) {
    const code = new VSCode();
    code.artifacts = artifacts;
    fs.mkdirSync(artifacts, { recursive: true });
    code.root = fs.mkdtempSync(path.join(os.tmpdir(), "vscode-"));
    code.user = path.join(code.root, "user");
    code.folder = path.join(code.root, "project");
    fs.cpSync(folder, code.folder, { recursive: true });
    code.writeSettings(settings);
    const common = ["--user-data-dir", code.user, "--extensions-dir", path.join(code.root, "extensions")];
    // No gallery: nothing is looked up on the network.
    // And no Prefect server: nothing listens at this address.
    const env = { ...process.env, PREFECT_API_URL: "http://127.0.0.1:9/api", EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "", itemUrl: "", resourceUrlTemplate: "" }) };
    try {
      execFileSync(process.execPath, [entry, ...common, "--install-extension", vsix], { stdio: "pipe", env });
      const port = await freePort();
      code.log = path.join(artifacts, "code-server.log");
      const log = fs.openSync(code.log, "w");
      code.server = spawn(process.execPath, [entry, ...common, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry",
        "--disable-update-check", "--disable-workspace-trust", code.folder], { stdio: ["ignore", log, log], env });
      code.exited = new Promise((resolve) => code.server.on("exit", resolve));
      await healthy(port);
      code.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu",
        "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"] });
      code.page = await code.browser.newPage({ viewport: { width: 1280, height: 800 } });
      code.page.setDefaultTimeout(patience);
      const payload = JSON.stringify([["openFile", `vscode-remote://127.0.0.1:${port}${code.folder}/${file}`]]);
      await code.page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(code.folder)}&payload=${encodeURIComponent(payload)}`);
      await code.page.waitForSelector(".editor-instance .view-line", { timeout: patience });
      await code.showProblems();
    } catch (error) {
      await code.page?.screenshot({ path: path.join(artifacts, "failed-start.png") }).catch(() => {});
      await code.stop();
      throw error;
    }
    return code;
  }

  async stop() {
    await this.browser?.close();
    this.server?.kill("SIGTERM");
    await this.exited;
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  /** Both files: a window may start extensions before the user's settings have arrived, the machine's are there from the start. */
  writeSettings(settings) {
    for (const scope of ["User", "Machine"]) {
      fs.mkdirSync(path.join(this.user, scope), { recursive: true });
      fs.writeFileSync(path.join(this.user, scope, "settings.json"), JSON.stringify({ ...quiet, ...settings }));
    }
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  /** Keys pressed before the workbench is ready are lost: press until the panel shows. */
  async showProblems() {
    for (let i = 0; i < 20; i++) {
      await this.press("Control+Shift+M");
      if (await this.page.waitForSelector(".markers-panel", { state: "visible", timeout: 3000 }).catch(() => null)) return;
    }
    throw new Error("the Problems panel does not open");
  }

  /** The Problems panel's rows, "Error: message at line 1 and character 2" and the like. */
  async problems() {
    return (await this.labels(".markers-panel .monaco-list-row")).filter((row) => /^(Error|Warning|Info|Hint):/.test(row));
  }

  /** Waits until the Problems panel is as wanted, and returns it. */
  problemsUntil(wanted, what) {
    return this.until(() => this.problems(), wanted, what);
  }

  /** Reads until it is as wanted. A view that is redrawn while it is read counts as not there yet. */
  async until(read, wanted, what) {
    const end = Date.now() + patience;
    for (;;) {
      let now = "a view that is being redrawn";
      try {
        now = await read();
        if (wanted(now)) return now;
      } catch (error) {
        if (!/was detached|context was destroyed/.test(error.message)) throw error;
      }
      if (Date.now() > end) throw new Error(`waited in vain for ${what}; there is ${JSON.stringify(now)}`);
      await this.page.waitForTimeout(50);
    }
  }

  labels(selector) {
    return this.page.locator(selector).evaluateAll((all) => all.map((e) => e.getAttribute("aria-label") || e.textContent.trim()));
  }

  /** Puts the caret at a line and column that count from 1. */
  async goTo(line, column) {
    await this.page.locator(".editor-instance .view-lines").first().click();
    await this.press("Control+g");
    await this.page.waitForSelector(".quick-input-widget input", { state: "visible" });
    await this.page.keyboard.type(`${line},${column}`);
    await this.press("Enter");
    await this.until(() => this.position(), (at) => at.includes(`Ln ${line},`), `the caret in line ${line}`);
  }

  /** The caret as the status bar shows it: "Ln 1, Col 2". */
  position() {
    return this.page.locator(".statusbar-item", { hasText: /Ln \d+, Col/ }).first().innerText();
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Runs a command of the Command Palette by its title. */
  async command(title) {
    await this.press("F1");
    await this.page.waitForSelector(".quick-input-widget input", { state: "visible" });
    await this.page.keyboard.type(title);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor({ timeout: patience });
    await this.press("Enter");
  }

  /** Asks for completion at the caret and returns the labels of the rows that are drawn, about a dozen. */
  async complete() {
    await this.press("Control+Space");
    await this.page.waitForSelector(visibleSuggestions, { timeout: patience });
    await this.page.waitForTimeout(300); // the list is drawn before all of its rows
    return this.labels(visibleSuggestions);
  }

  async hover() {
    await this.command("Show or Focus Hover");
    const shown = this.page.locator(".monaco-hover:not(.hidden) .hover-contents");
    return this.until(() => shown.allInnerTexts(), (texts) => texts.some((t) => t.trim() !== "" && !t.startsWith("Loading")), "a hover");
  }

  /** How many squiggles are drawn in the lines in view. */
  squiggles() {
    return this.page.locator(".squiggly-error, .squiggly-warning, .squiggly-info").count();
  }

  /** Chooses an action of the lightbulb at the caret. The list is asked for again: it stays away while the text is being read anew. */
  async quickFix(title) {
    const action = this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first();
    await this.until(async () => {
      await this.press("Control+.");
      const shown = await action.waitFor({ timeout: 8000 }).then(() => true, () => false);
      if (!shown) await this.press("Escape");
      return shown;
    }, Boolean, `the action ${title}`);
    await this.screenshot("quick-fix");
    await action.click();
  }

  /** Renames what is at the caret. */
  async rename(name) {
    await this.press("F2");
    const box = this.page.locator(".rename-box input");
    await box.waitFor({ timeout: patience });
    await box.fill(name); // keys pressed before it has the focus would go into the text
    await box.press("Enter");
    await this.page.waitForSelector(".rename-box input", { state: "hidden", timeout: patience });
  }

  /** What the editor holds, once it is on disk. */
  async savedText(wanted, what) {
    const file = path.join(this.folder, "prefect.yaml");
    return this.until(async () => {
      await this.press("Control+s");
      return fs.readFileSync(file, "utf8");
    }, wanted, what);
  }

  /** The frame of the panel in which selector is, once it is there. */
  async panel(selector, what) {
    const frames = await this.until(async () => {
      const found = [];
      for (const frame of this.page.frames()) {
        if ((await frame.locator(selector).count().catch(() => 0)) > 0) found.push(frame);
      }
      return found;
    }, (found) => found.length > 0, what);
    return frames[0];
  }

  /** The lenses above the lines in view. */
  lenses() {
    return this.page.locator(".codelens-decoration a, .codelens-decoration > span").allInnerTexts();
  }

  /** What the terminal shows. */
  async terminal() {
    return (await this.page.locator(".terminal-wrapper.active .xterm-rows > div").allInnerTexts()).join("").replaceAll("\u00a0", " ");
  }

  notifications() {
    return this.labels(".notifications-toasts .notification-list-item");
  }

  /** A picture for the README, when they are made: PICTURES=media editors/vscode/test/run.sh. */
  async picture(name) {
    if (process.env.PICTURES) await this.page.screenshot({ path: path.join(process.env.PICTURES, `${name}.jpg`), type: "jpeg", quality: 72 });
  }

  screenshot(name) {
    return this.page.screenshot({ path: path.join(this.artifacts, `${name}.png`) });
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const listener = net.createServer().on("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address();
      listener.close(() => resolve(port));
    });
  });
}

async function healthy(port) {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error("code-server does not answer");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
