// "Check all": the server reports on open documents, so open them and show the Problems panel.
import { commands, languages, Uri, window, workspace } from "vscode";
import { selector } from "./session";

const limit = 500; // files; a workspace with more is checked by `prefectc check` in a terminal

/** How long to wait for the first reports on documents that were not open before. */
const patience = 3000; // milliseconds

export async function checkWorkspace(): Promise<void> {
  const files = await find();
  if (files.length === 0) {
    void window.showInformationMessage("prefectc: no prefect.yaml in this workspace");
    return;
  }
  const opened = new Set(workspace.textDocuments.map((document) => document.uri.toString()));
  const fresh = files.filter((file) => !opened.has(file.toString()));
  const reported = firstReports(fresh);
  for (const file of fresh) {
    await workspace.openTextDocument(file);
  }
  await reported;
  const findings = files.reduce((sum, file) => sum + languages.getDiagnostics(file).length, 0);
  await commands.executeCommand("workbench.actions.view.problems");
  void window.showInformationMessage(`prefectc: ${count(findings, "finding")} in ${count(files.length, "file")}`);
}

async function find(): Promise<Uri[]> {
  const found = new Map<string, Uri>();
  for (const { pattern } of selector()) {
    for (const file of await workspace.findFiles(pattern, "**/node_modules/**", limit)) {
      found.set(file.toString(), file);
    }
  }
  return [...found.values()].slice(0, limit);
}

/** Resolves when every file has had a report, or when patience ends: a clean file may never get one. */
function firstReports(files: Uri[]): Promise<void> {
  const waiting = new Set(files.map((file) => file.toString()));
  return new Promise((resolve) => {
    if (waiting.size === 0) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
    const timer = setTimeout(done, patience);
    const subscription = languages.onDidChangeDiagnostics(({ uris }) => {
      uris.forEach((uri) => waiting.delete(uri.toString()));
      if (waiting.size === 0) {
        done();
      }
    });
  });
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
