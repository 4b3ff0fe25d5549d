// Which prefect.yaml a command is about.
import * as path from "node:path";
import { languages, Uri, window, workspace, type TextDocument } from "vscode";
import { selector } from "./session";

const limit = 100; // files to choose from

/** The file a lens or a menu names, else the one in the editor, else the only one of the workspace, else the one chosen. */
export async function chooseFile(named?: string | Uri): Promise<TextDocument | undefined> {
  if (named !== undefined) {
    return workspace.openTextDocument(typeof named === "string" ? Uri.parse(named) : named);
  }
  const current = window.activeTextEditor?.document;
  if (current && languages.match(selector(), current) > 0) {
    return current;
  }
  const found = new Map<string, Uri>();
  for (const { pattern } of selector()) {
    for (const file of await workspace.findFiles(pattern, "**/node_modules/**", limit)) {
      found.set(workspace.asRelativePath(file), file);
    }
  }
  if (found.size === 0) {
    void window.showInformationMessage("prefectc: no prefect.yaml in this workspace");
    return undefined;
  }
  const names = [...found.keys()].sort();
  const name = names.length === 1 ? names[0] : await window.showQuickPick(names, { title: "Which file?" });
  return name === undefined ? undefined : workspace.openTextDocument(found.get(name)!);
}

/** What is passed to prefectc: it runs in the folder of the file, as paths in the file are meant. */
export function place(document: TextDocument): { folder: string; name: string } {
  return { folder: path.dirname(document.uri.fsPath), name: path.basename(document.uri.fsPath) };
}

/** Writes the edits to disk, where plan and apply read. False: the user or the disk refused. */
export async function saved(document: TextDocument): Promise<boolean> {
  return !document.isDirty || document.save();
}
