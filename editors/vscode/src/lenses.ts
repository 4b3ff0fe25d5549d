// The commands behind lenses.
import { commands, Uri, type CodeLens, type TextDocument } from "vscode";
import type { LanguageClient, Location, Position, StaticFeature } from "vscode-languageclient/node";

export const planCommand = "prefectc.plan";
export const showReferences = "prefectc.showReferences";

/** Tells the server which commands of this extension its lenses may call. */
export const lensCommands: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), commands: [planCommand, showReferences] };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

/** The server sends places in the protocol's form, the editor wants its own. */
export async function peekReferences(client: LanguageClient, uri: string, at: Position, places: Location[]): Promise<void> {
  const { protocol2CodeConverter: convert } = client;
  await commands.executeCommand("editor.action.showReferences", Uri.parse(uri), convert.asPosition(at), places.map((place) => convert.asLocation(place)));
}

/** A deployment that a lens stands above: its name then, and its place among the deployments. */
export interface Chosen {
  name: string;
  index?: number;
}

/** What a deployment is called now: a lens is drawn before an edit and clicked after it, and a panel stays while names change. */
export async function nameNow(document: TextDocument, { name, index }: Chosen): Promise<string> {
  const lenses = (await commands.executeCommand<CodeLens[] | undefined>("vscode.executeCodeLensProvider", document.uri)) ?? [];
  const all = lenses.flatMap(({ command }) => (command?.command === planCommand ? [command.arguments as [string, string, number]] : []));
  if (all.some(([, other]) => other === name)) {
    return name;
  }
  return all.find(([, , at]) => at === index)?.[1] ?? name;
}
