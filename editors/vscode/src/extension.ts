// The prefectc extension: starts the language server and keeps it running. Everything a person sees in the editor
// comes from the server, which every other editor can use as well.
import { commands, workspace, type ExtensionContext } from "vscode";
import { checkWorkspace } from "./check";
import type { Location, Position } from "vscode-languageclient/node";
import { showReferences } from "./references";
import { Session } from "./session";

let session: Session | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const current = (session = new Session(context));
  context.subscriptions.push(
    current,
    commands.registerCommand("prefectc.restart", () => current.restart()),
    commands.registerCommand("prefectc.check", checkWorkspace),
    commands.registerCommand("prefectc.output", () => current.showOutput()),
    commands.registerCommand(showReferences, (uri: string, at: Position, places: Location[]) => current.showReferences(uri, at, places)),
    // Settings can arrive, or change, after activation: start again with what they say now.
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("prefectc.server") || event.affectsConfiguration("prefectc.files")) {
        void current.restart();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => void current.restart()),
  );
  await current.restart();
}

export function deactivate(): Promise<void> | undefined {
  return session?.stop();
}
