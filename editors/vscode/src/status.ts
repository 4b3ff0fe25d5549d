// The language status item: beside the language name when a prefect.yaml is open.
import { languages, LanguageStatusSeverity, type Disposable, type DocumentSelector, type LanguageStatusItem } from "vscode";

export class Status implements Disposable {
  private readonly item: LanguageStatusItem;

  constructor(selector: DocumentSelector) {
    this.item = languages.createLanguageStatusItem("prefectc", selector);
    this.item.name = "prefectc";
    this.item.text = "prefectc";
    this.item.command = { command: "prefectc.restart", title: "Restart" };
  }

  starting(): void {
    this.item.busy = true;
    this.item.severity = LanguageStatusSeverity.Information;
    this.item.detail = "starting";
  }

  running(detail: string): void {
    this.item.busy = false;
    this.item.severity = LanguageStatusSeverity.Information;
    this.item.detail = detail;
  }

  failed(detail: string): void {
    this.item.busy = false;
    this.item.severity = LanguageStatusSeverity.Error;
    this.item.detail = detail;
  }

  dispose(): void {
    this.item.dispose();
  }
}
