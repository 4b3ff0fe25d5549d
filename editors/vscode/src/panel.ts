// Panels beside the editor that follow a file. They hold markup only: no script runs in them and nothing is loaded.
import { randomBytes } from "node:crypto";
import { ViewColumn, window, workspace, type Disposable, type TextDocument, type WebviewPanel } from "vscode";

export interface View {
  /** Names the kind of the panel, and its title before the file's name. */
  kind: string;
  /** When the panel is drawn anew: at each edit, or when the file has been saved. */
  follows: "edits" | "saves";
  /** The markup of the body and its styles. Everything from outside in it is escaped. */
  draw(document: TextDocument): Promise<{ body: string; style: string }>;
}

const pause = 250; // milliseconds without an edit before the panel is drawn anew

/** One panel for each kind and file. */
export class Panels implements Disposable {
  private readonly open = new Map<string, Shown>();

  async show(view: View, document: TextDocument): Promise<void> {
    const key = `${view.kind} ${document.uri.toString()}`;
    let shown = this.open.get(key);
    if (shown === undefined) {
      shown = new Shown(view, document, () => this.open.delete(key));
      this.open.set(key, shown);
    }
    await shown.use(view);
  }

  dispose(): void {
    [...this.open.values()].forEach((shown) => shown.panel.dispose());
  }
}

class Shown {
  readonly panel: WebviewPanel;
  private drawn = 0; // the latest drawing asked for: an earlier one that comes later is dropped
  private timer: NodeJS.Timeout | undefined;

  constructor(private view: View, private readonly document: TextDocument, closed: () => void) {
    const name = workspace.asRelativePath(document.uri);
    this.panel = window.createWebviewPanel(`prefectc.${view.kind.toLowerCase()}`, `${view.kind}: ${name}`,
      { viewColumn: ViewColumn.Beside, preserveFocus: true }, { enableScripts: false, localResourceRoots: [] });
    const same = (other: TextDocument) => other.uri.toString() === document.uri.toString();
    const subscription = view.follows === "saves"
      ? workspace.onDidSaveTextDocument((other) => same(other) && this.later())
      : workspace.onDidChangeTextDocument(({ document: other }) => same(other) && this.later());
    this.panel.onDidDispose(() => {
      clearTimeout(this.timer);
      subscription.dispose();
      closed();
    });
  }

  /** Draws what the view says; the same panel may show one deployment now and all of them later. */
  async use(view: View): Promise<void> {
    this.view = view;
    this.panel.reveal(undefined, true);
    await this.draw();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.draw(), pause);
  }

  private async draw(): Promise<void> {
    const number = ++this.drawn;
    const { body, style } = await this.view.draw(this.document);
    if (number === this.drawn) {
      this.panel.webview.html = page(body, style);
    }
  }
}

function page(body: string, style: string): string {
  const nonce = randomBytes(16).toString("base64");
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<style nonce="${nonce}">${base}${style}</style></head>
<body>${body.replaceAll("<style>", `<style nonce="${nonce}">`)}</body></html>`;
}

const base = `
body{padding:16px 20px;line-height:1.5;color:var(--vscode-editor-foreground);background:var(--vscode-editor-background)}
h1{font-size:1.35em;font-weight:600;margin:0 0 2px}
.quiet{color:var(--vscode-descriptionForeground)}
p{margin:0 0 12px}
pre,code{font-family:var(--vscode-editor-font-family);font-size:var(--vscode-editor-font-size);color:inherit;background:none}
pre.output{padding:12px;border-radius:4px;white-space:pre-wrap;background:var(--vscode-textCodeBlock-background)}
`;

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c] ?? c);
}

/** What a panel shows in place of what could not be made. */
export function failure(title: string, output: string): string {
  return `<h1>${escape(title)}</h1><p class="quiet">prefectc says:</p><pre class="output">${escape(output.trim())}</pre>`;
}
