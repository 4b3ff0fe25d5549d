// "Plan": what apply would register, in a panel. It is made offline: no server is asked and no code runs.
import type { ExtensionContext, TextDocument } from "vscode";
import { findProgram, generation, run } from "./cli";
import { place } from "./file";
import { nameNow, type Chosen } from "./lenses";
import { failure, type View } from "./panel";
import { planBody, planStyle, type Plan } from "./planview";

/** The plan of one deployment, which it follows through new names, or of all. */
export function planView(context: ExtensionContext, chosen?: Chosen): View {
  return {
    kind: "Plan",
    follows: "saves",
    draw: async (document) => {
      if (chosen !== undefined) {
        chosen = { ...chosen, name: await nameNow(document, chosen) };
      }
      return { body: await plan(context, document, chosen?.name), style: planStyle };
    },
  };
}

async function plan(context: ExtensionContext, document: TextDocument, deployment?: string): Promise<string> {
  const { folder, name } = place(document);
  const selection = deployment === undefined ? ["--all"] : ["--name", deployment];
  const made = await run(findProgram(context), ["plan", "--offline", "--format", "json", "--color", "never", "--prefect-file", name, ...generation(), ...selection], folder);
  if (!made.ok) {
    return failure("No plan yet", made.stderr || made.stdout);
  }
  try {
    return planBody(JSON.parse(made.stdout) as Plan, deployment);
  } catch (error) {
    return failure("No plan", `the plan cannot be read: ${String(error)}`);
  }
}
