// The prefectc extension: starts the language server and keeps it running, and shows what the prefectc program says of a
// file. What the editor says of a text as it is written comes from the server, which every other editor can use as well.
import { commands, workspace, type ExtensionContext, type Uri } from "vscode";
import type { Location, Position } from "vscode-languageclient/node";
import { apply } from "./apply";
import { checkWorkspace } from "./check";
import { chooseFile, saved } from "./file";
import { graphView } from "./graph";
import { Panels } from "./panel";
import { planView } from "./plan";
import { planCommand, showReferences, type Chosen } from "./lenses";
import { Session } from "./session";

let session: Session | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const current = (session = new Session(context));
  const panels = new Panels();
  context.subscriptions.push(
    current,
    panels,
    commands.registerCommand("prefectc.restart", () => current.restart()),
    commands.registerCommand("prefectc.check", checkWorkspace),
    commands.registerCommand("prefectc.output", () => current.showOutput()),
    commands.registerCommand(showReferences, (uri: string, at: Position, places: Location[]) => current.showReferences(uri, at, places)),
    // A lens gives the file and a deployment; a menu gives the file and things of its own.
    commands.registerCommand(planCommand, async (file?: string | Uri, deployment?: unknown, index?: unknown) => {
      const document = await chooseFile(file);
      if (document && (await saved(document))) await panels.show(planView(context, chosen(deployment, index)), document);
    }),
    commands.registerCommand("prefectc.graph", async (file?: Uri) => {
      const document = await chooseFile(file);
      if (document) await panels.show(graphView(context), document);
    }),
    commands.registerCommand("prefectc.apply", async (file?: string | Uri, deployment?: unknown) => {
      const document = await chooseFile(file);
      if (document) await apply(context, document, text(deployment));
    }),
    // Settings can arrive, or change, after activation: start again with what they say now.
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("prefectc.server") || event.affectsConfiguration("prefectc.files")) {
        current.restartSoon();
      }
    }),
    workspace.onDidGrantWorkspaceTrust(() => void current.restart()),
  );
  await current.restart();
}

function chosen(name: unknown, index: unknown): Chosen | undefined {
  return typeof name === "string" ? { name, index: typeof index === "number" ? index : undefined } : undefined;
}

function text(argument: unknown): string | undefined {
  return typeof argument === "string" ? argument : undefined;
}

export function deactivate(): Promise<void> | undefined {
  return session?.stop();
}
