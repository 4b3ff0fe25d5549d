// The commands behind lenses.
import { commands, Uri } from "vscode";
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
