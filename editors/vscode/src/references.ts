// The command behind the lenses that count uses: the server sends places in the protocol's form, the editor wants its own.
import { commands, Uri } from "vscode";
import type { LanguageClient, Location, Position, StaticFeature } from "vscode-languageclient/node";

export const showReferences = "prefectc.showReferences";

/** Tells the server which commands of this extension its lenses may call. */
export const lensCommands: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { ...(capabilities.experimental as object | undefined), commands: [showReferences] };
  },
  initialize() {},
  getState: () => ({ kind: "static" }),
  clear() {},
};

export async function peekReferences(client: LanguageClient, uri: string, at: Position, places: Location[]): Promise<void> {
  const { protocol2CodeConverter: convert } = client;
  await commands.executeCommand("editor.action.showReferences", Uri.parse(uri), convert.asPosition(at), places.map((place) => convert.asLocation(place)));
}
