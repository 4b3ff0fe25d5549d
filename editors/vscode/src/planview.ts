// The markup of a plan.
import { escape } from "./panel";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Step {
  action: string;
  step: string;
  id: string | null;
  inputs: Json;
}

interface Change {
  path: string;
  old?: Json;
  new?: Json;
}

interface Deployment {
  flow_name: Json;
  name: Json;
  entrypoint: string;
  action: string;
  changes: Change[];
  steps: Step[];
  registration: { [key: string]: Json } | null;
}

/** What `prefectc plan --format json` writes. */
export interface Plan {
  schema_version: number;
  prefect: number;
  server: string;
  file: string;
  deployments: Deployment[];
}

/** Fields people write, in the order they think of them; the others are in the whole request. */
const fields = ["entrypoint", "version", "description", "tags", "parameters", "schedules", "paused", "work_pool_name", "work_queue_name",
  "job_variables", "infra_overrides", "concurrency_limit", "concurrency_options", "pull_steps"];

/** Words for actions. Without a server nobody knows whether the deployment is there already. */
const words: Record<string, string> = { unknown: "register", create: "create", update: "update", noop: "no change" };

export function planBody(plan: Plan, deployment?: string): string {
  const n = plan.deployments.length;
  const what = deployment === undefined ? `${n} deployment${n === 1 ? "" : "s"}` : `deployment ${deployment}`;
  const compared = plan.server === "" ? "not compared with a server: apply creates what is not there yet and updates what differs" : `compared with ${plan.server}`;
  return `<h1>${escape(what)}</h1><p class="quiet">Prefect ${plan.prefect}, ${escape(compared)}.</p>${plan.deployments.map(card).join("")}`;
}

function card(d: Deployment): string {
  const rows = d.registration === null ? "" : fields.map((name) => row(name, d.registration?.[name] ?? null)).join("");
  const request = d.registration === null ? "" : `<details><summary>the whole request</summary><pre class="output">${tree(d.registration, "")}</pre></details>`;
  return `<section class="deployment"><h2><span class="action">${escape(words[d.action] ?? d.action)}</span> ${inline(d.flow_name)}<span class="quiet">/</span><strong>${inline(d.name)}</strong></h2>
${changes(d.changes)}${steps(d.steps)}<table class="fields">${rows}</table>${request}</section>`;
}

function changes(all: Change[]): string {
  const rows = all.map((c) => `<tr><th>${escape(c.path)}</th><td>${"old" in c ? `<del>${tree(c.old ?? null, "")}</del> ` : ""}${"new" in c ? `<ins>${tree(c.new ?? null, "")}</ins>` : ""}</td></tr>`);
  return rows.length === 0 ? "" : `<h3>Changes</h3><table class="changes">${rows.join("")}</table>`;
}

function steps(all: Step[]): string {
  if (all.length === 0) {
    return "";
  }
  const items = all.map((s) => `<li><span class="section">${escape(s.action)}</span> <code>${escape(s.step)}</code>${s.id === null ? "" : ` <span class="quiet">as</span> <code>${escape(s.id)}</code>`}
<details><summary>inputs</summary><pre class="output">${tree(s.inputs, "")}</pre></details></li>`);
  return `<h3>Steps that run first</h3><ol class="steps">${items.join("")}</ol><h3>Fields</h3>`;
}

function row(name: string, value: Json): string {
  const blank = value === null || value === "" || value === false || (typeof value === "object" && Object.keys(value).length === 0);
  if (blank || (name === "description" && value === "None")) { // Prefect's word for a flow without a docstring
    return "";
  }
  const shown = name === "schedules" && Array.isArray(value) ? value.map(schedule).join("<br>") : tree(value, "");
  return `<tr><th>${escape(name)}</th><td>${shown}</td></tr>`;
}

function schedule(item: Json): string {
  const outer = isObject(item) ? item : {};
  const inner = isObject(outer.schedule) ? outer.schedule : outer;
  const zone = typeof inner.timezone === "string" && inner.timezone !== "UTC" ? ` <span class="quiet">in ${escape(inner.timezone)}</span>` : "";
  const off = outer.active === false ? ` <span class="quiet">(not active)</span>` : "";
  if (typeof inner.interval === "number") {
    return `every ${escape(duration(inner.interval))}${zone}${off}`;
  }
  if (typeof inner.cron === "string") {
    return `cron <code>${escape(inner.cron)}</code>${zone}${off}`;
  }
  return `${typeof inner.rrule === "string" ? `rrule <code>${escape(inner.rrule)}</code>` : tree(item, "")}${zone}${off}`;
}

/** A number of seconds in the largest units that fit. */
export function duration(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]] as const) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(`${n} ${unit}${n === 1 ? "" : "s"}`);
  }
  if (rest > 0 || parts.length === 0) parts.push(`${rest} second${rest === 1 ? "" : "s"}`);
  return parts.join(" ");
}

/** A value on one line. */
function inline(value: Json): string {
  const mark = placeholder(value);
  return mark ?? escape(typeof value === "string" ? value : JSON.stringify(value));
}

/** What is known only later: the plan writes it as an object with one key. */
function placeholder(value: Json): string | undefined {
  if (isObject(value) && Object.keys(value).length === 1) {
    if (typeof value.$unknown === "string") return `<span class="unknown">known after apply: <code>${escape(value.$unknown)}</code></span>`;
    if (typeof value.$ref === "string") return `<span class="unknown">from <code>${escape(value.$ref)}</code></span>`;
  }
  return undefined;
}

/** A value as indented lines, much as YAML writes it. */
function tree(value: Json, indent: string): string {
  const mark = placeholder(value);
  if (mark !== undefined) {
    return mark;
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? "[]" : value.map((v) => `${indent}- ${tree(v, `${indent}  `).trimStart()}`).join("\n");
  }
  if (isObject(value)) {
    const entries = Object.entries(value);
    return entries.length === 0 ? "{}" : entries.map(([k, v]) => `${indent}<span class="key">${escape(k)}</span>:${nested(v, indent)}`).join("\n");
  }
  return escape(typeof value === "string" ? text(value, indent) : JSON.stringify(value));
}

function nested(value: Json, indent: string): string {
  const block = typeof value === "object" && value !== null && Object.keys(value).length > 0 && placeholder(value) === undefined;
  return block ? `\n${tree(value, `${indent}  `)}` : ` ${tree(value, `${indent}  `)}`;
}

/** Quoted where YAML would take it for something else than text. */
function text(value: string, indent: string): string {
  if (value.includes("\n")) {
    return `|\n${value.trimEnd().split("\n").map((line) => indent + line).join("\n")}`;
  }
  return /^$|^[\s\d.+-]|^(true|false|null|yes|no|on|off|~)$|\s$/i.test(value) ? JSON.stringify(value) : value;
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const planStyle = `
.deployment{margin:0 0 16px;padding:12px 16px;border:1px solid var(--vscode-panel-border,var(--vscode-contrastBorder));border-radius:6px}
h2{font-size:1.1em;font-weight:400;margin:0 0 10px;overflow-wrap:anywhere}
h3{font-size:.85em;font-weight:600;margin:12px 0 4px;color:var(--vscode-descriptionForeground)}
.action{display:inline-block;padding:0 8px;margin-right:6px;border-radius:10px;font-size:.85em;font-weight:600;color:var(--vscode-badge-foreground);background:var(--vscode-badge-background)}
table{border-collapse:collapse;width:100%}
th{width:1%;padding:2px 20px 2px 0;text-align:left;vertical-align:top;font-weight:400;white-space:nowrap;color:var(--vscode-symbolIcon-fieldForeground,var(--vscode-descriptionForeground))}
td{padding:2px 0;white-space:pre-wrap;overflow-wrap:anywhere}
td,.steps code{font-family:var(--vscode-editor-font-family);font-size:var(--vscode-editor-font-size)}
.key{color:var(--vscode-symbolIcon-fieldForeground,inherit)}
.unknown{font-style:italic;color:var(--vscode-editorWarning-foreground)}
del{color:var(--vscode-gitDecoration-deletedResourceForeground)}
ins{text-decoration:none;color:var(--vscode-gitDecoration-addedResourceForeground)}
.steps code{overflow-wrap:anywhere}
.steps{margin:0;padding-left:24px}.section{color:var(--vscode-descriptionForeground)}
details{margin:4px 0}summary{cursor:pointer;color:var(--vscode-textLink-foreground)}
pre.output{margin:4px 0}
`;
