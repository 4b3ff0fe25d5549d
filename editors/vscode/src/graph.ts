// "Graph": steps, outputs, deployments and work pools as a picture that follows the edits.
import type { ExtensionContext, TextDocument } from "vscode";
import { findProgram, generation, run } from "./cli";
import { place } from "./file";
import { failure, type View } from "./panel";

/** The least scale at which the writing can still be read: a wider picture scrolls. */
const legible = 0.45;

export function graphView(context: ExtensionContext): View {
  return {
    kind: "Graph",
    follows: "edits",
    draw: async (document) => {
      const body = await graph(context, document);
      const width = Number(body.match(/<svg [^>]*?\bwidth="(\d+)/)?.[1] ?? 0);
      return { body, style: `${graphStyle}#fit:checked ~ .sheet svg{min-width:${Math.round(width * legible)}px}` };
    },
  };
}

/** The picture is drawn from the text in the editor, saved or not. */
async function graph(context: ExtensionContext, document: TextDocument): Promise<string> {
  const { folder, name } = place(document);
  const drawn = await run(findProgram(context), ["graph", "--format", "svg", "--stdin-filename", name, ...generation(), "-"], folder, document.getText());
  if (!drawn.ok) {
    return failure("No picture", drawn.stderr || drawn.stdout);
  }
  return `<input type="checkbox" id="fit" checked><label for="fit">fit to width</label><div class="sheet">${drawn.stdout}</div>`;
}

/** The picture has the colours of paper; a dark theme turns its brightness round and keeps its hues. */
const graphStyle = `
.sheet{margin-top:12px;overflow:auto}
#fit{margin:0 6px 0 0;vertical-align:middle}
#fit:checked ~ .sheet svg{max-width:100%;height:auto}
svg{border-radius:4px}
body.vscode-dark svg,body.vscode-high-contrast:not(.vscode-high-contrast-light) svg{filter:invert(.88) hue-rotate(180deg)}
`;
