// "Apply": prefectc apply in a terminal, where it shows its plan and asks before it changes anything.
import { ProcessExecution, Task, TaskPanelKind, TaskRevealKind, tasks, TaskScope, window, workspace, type ExtensionContext, type TextDocument } from "vscode";
import { findProgram, generation } from "./cli";
import { place, saved } from "./file";

export async function apply(context: ExtensionContext, document: TextDocument, deployment?: string): Promise<void> {
  const { folder, name } = place(document);
  if (!workspace.isTrusted) { // apply runs the steps of the file
    void window.showErrorMessage("prefectc: apply runs the steps of the file: trust the workspace first");
    return;
  }
  if (!(await saved(document))) {
    void window.showErrorMessage(`prefectc: ${name} is not saved`);
    return;
  }
  const selection = deployment === undefined ? ["--all"] : ["--name", deployment];
  const args = ["apply", "--prefect-file", name, ...generation(), ...selection];
  // A process, not a line for a shell: nothing needs quoting, and the terminal stays when it ends.
  const task = new Task({ type: "process" }, workspace.getWorkspaceFolder(document.uri) ?? TaskScope.Workspace, `apply ${name}`, "prefectc",
    new ProcessExecution(findProgram(context), args, { cwd: folder }));
  task.presentationOptions = { reveal: TaskRevealKind.Always, panel: TaskPanelKind.Dedicated, focus: true, clear: true };
  await tasks.executeTask(task);
}
