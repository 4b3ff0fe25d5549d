// One running language server and the client that speaks to it.
import { window, workspace, type Disposable, type ExtensionContext, type LogOutputChannel } from "vscode";
import { LanguageClient, State, type Location, type Position } from "vscode-languageclient/node";
import { lensCommands, peekReferences } from "./lenses";
import { findServer } from "./server";
import { Status } from "./status";

/** Documents on disk that match a glob; their language stays YAML, so that other extensions keep working on them. */
export interface Files {
  scheme: "file";
  pattern: string;
}

export function selector(): Files[] {
  const more = workspace.getConfiguration("prefectc").get<string[]>("files", []);
  return ["prefect*.yaml", "prefect*.yml", ...more].map((name) => ({ scheme: "file", pattern: `**/${name}` }));
}

/** Settings of one change arrive one by one, and a client that is running takes note of each: let it, then restart once. */
const settling = 250; // milliseconds

/** A client whose server is being stopped on purpose: what fails because of that goes to the log and not before the user. */
class Client extends LanguageClient {
  leaving = false;

  override error(message: string, data?: unknown, showNotification?: boolean | "force"): void {
    super.error(message, data, this.leaving ? false : showNotification);
  }
}

/**
 * Starts, stops and restarts the server. Restarts run one after another: settings can change again while
 * a server is still starting, and two servers must never answer for one window.
 */
export class Session implements Disposable {
  private client: Client | undefined;
  private status: Status | undefined;
  private queue: Promise<void> = Promise.resolve();
  private pending: NodeJS.Timeout | undefined;
  private readonly output: LogOutputChannel;

  constructor(private readonly context: ExtensionContext) {
    this.output = window.createOutputChannel("prefectc", { log: true });
  }

  restart(): Promise<void> {
    this.queue = this.queue.then(async () => {
      await this.stopClient();
      await this.startClient();
    });
    return this.queue;
  }

  /** Restarts when no more settings have changed for a moment. */
  restartSoon(): void {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => void this.restart(), settling);
  }

  stop(): Promise<void> {
    clearTimeout(this.pending);
    this.queue = this.queue.then(() => this.stopClient());
    return this.queue;
  }

  showOutput(): void {
    this.output.show(true);
  }

  /** Shows the places that a lens counts. */
  async showReferences(uri: string, at: Position, places: Location[]): Promise<void> {
    if (this.client) {
      await peekReferences(this.client, uri, at, places);
    }
  }

  dispose(): void {
    this.status?.dispose();
    this.output.dispose();
  }

  private async startClient(): Promise<void> {
    const documents = selector();
    this.status?.dispose();
    const status = (this.status = new Status(documents));
    const server = findServer(this.context);
    const client = new Client("prefectc", "prefectc", { run: server.executable, debug: server.executable }, {
      // Python too: edits of a flow that are not saved yet change what is said of its deployments.
      documentSelector: [...documents, { scheme: "file", language: "python" }],
      outputChannel: this.output,
      diagnosticCollectionName: "prefectc",
    });
    client.registerFeature(lensCommands);
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Starting) {
        status.starting();
      } else if (newState === State.Stopped && !client.leaving) {
        status.failed("the server is not running");
      } else if (newState === State.Running) {
        const version = client.initializeResult?.serverInfo?.version ?? "";
        status.running(`${version} (${server.origin})`.trim());
      }
    });
    this.client = client;
    try {
      await client.start();
    } catch (error) { // the client has told the user; the status item keeps the reason
      status.failed(`cannot start ${server.executable.command}: ${String(error)}`);
    }
  }

  private async stopClient(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) {
      return;
    }
    client.leaving = true;
    try {
      await client.stop();
    } catch { // it never started, or is already gone: nothing is left to stop
    }
    await client.dispose().catch(() => undefined);
  }
}
