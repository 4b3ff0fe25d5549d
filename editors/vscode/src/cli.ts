// The prefectc program: which one, and what it says.
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { workspace, type ExtensionContext } from "vscode";
import { absolute } from "./server";

/** The program the settings name, else the one inside the extension, else the one on PATH. */
export function findProgram(context: ExtensionContext): string {
  const name = process.platform === "win32" ? "prefectc.exe" : "prefectc";
  const configured = workspace.getConfiguration("prefectc").get<string>("path", "").trim();
  if (configured !== "") {
    return absolute(configured);
  }
  const bundled = path.join(context.extensionPath, "bin", name);
  return fs.existsSync(bundled) ? bundled : name;
}

export interface Run {
  /** Whether it ended with exit code 0. */
  ok: boolean;
  stdout: string;
  stderr: string;
}

const limit = 64 * 1024 * 1024; // bytes of output: a plan of a thousand deployments has some 4 MB
const patience = 60_000; // milliseconds; plan --offline and graph wait for nothing but the disk

/** Runs the program in a folder, with input on its standard input. A program that cannot start is a run that says so. */
export function run(program: string, args: string[], cwd: string, input = ""): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd, maxBuffer: limit, timeout: patience, windowsHide: true }, (error, stdout, stderr) => {
      const reason = error !== null && typeof error.code !== "number" ? `cannot run ${program}: ${error.message}\n` : "";
      resolve({ ok: error === null, stdout, stderr: stderr + reason });
    });
    child.stdin?.on("error", () => undefined); // it may end before it has read everything
    child.stdin?.end(input);
  });
}

/** The options that follow from the settings. */
export function generation(): string[] {
  const wanted = workspace.getConfiguration("prefectc").get<string>("prefect", "auto");
  return wanted === "auto" ? [] : ["--prefect", wanted];
}
