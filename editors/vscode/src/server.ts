// Which server to start, and how.
import * as fs from "node:fs";
import * as path from "node:path";
import { workspace, type ExtensionContext } from "vscode";
import { TransportKind, type Executable } from "vscode-languageclient/node";

/** Where the server came from, for the status item. */
export type Origin = "setting" | "bundled" | "PATH";

export interface Server {
  executable: Executable;
  origin: Origin;
}

/**
 * The server the settings name, else the one inside the extension, else the one on PATH. A setting that names a file
 * that is not there is not papered over with another server: starting it fails and the client says so.
 */
export function findServer(context: ExtensionContext): Server {
  const settings = workspace.getConfiguration("prefectc");
  const args = settings.get<string[]>("server.args", []);
  const name = process.platform === "win32" ? "prefect-lsp.exe" : "prefect-lsp";
  const configured = settings.get<string>("server.path", "").trim();
  const bundled = path.join(context.extensionPath, "bin", name);
  if (configured !== "") {
    return { executable: stdio(absolute(configured), args), origin: "setting" };
  }
  if (fs.existsSync(bundled)) {
    return { executable: stdio(bundled, args), origin: "bundled" };
  }
  return { executable: stdio(name, args), origin: "PATH" };
}

function stdio(command: string, args: string[]): Executable {
  return { command, args, transport: TransportKind.stdio };
}

/** A path with a separator is taken from the first workspace folder; a bare name is looked up on PATH. */
export function absolute(configured: string): string {
  const home = process.env.HOME ?? process.env.USERPROFILE ?? "";
  const expanded = configured.replace(/^~(?=[\\/])/, home);
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const relative = !path.isAbsolute(expanded) && /[\\/]/.test(expanded);
  return relative && folder !== undefined ? path.join(folder, expanded) : expanded;
}
