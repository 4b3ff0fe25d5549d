// Packages the extension with its server and program: node package.mjs [--out=DIR] [TARGET…]
// TARGET is VS Code's name of a platform (linux-x64, win32-arm64, …); without one, the platform this runs on; "all": every one.
// One .vsix a platform, since both are binaries; Go cross-compiles them.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { createVSIX } from "@vscode/vsce";

const targets = {
  "linux-x64": ["linux", "amd64"],
  "linux-arm64": ["linux", "arm64"],
  "alpine-x64": ["linux", "amd64"],
  "alpine-arm64": ["linux", "arm64"],
  "darwin-x64": ["darwin", "amd64"],
  "darwin-arm64": ["darwin", "arm64"],
  "win32-x64": ["windows", "amd64"],
  "win32-arm64": ["windows", "arm64"],
};

const here = import.meta.dirname;
const out = path.resolve(process.argv.find((a) => a.startsWith("--out="))?.slice("--out=".length) ?? here);
let wanted = process.argv.slice(2).filter((a) => !a.startsWith("--"));
if (wanted.length === 0) wanted = [`${process.platform}-${process.arch}`];
if (wanted.includes("all")) wanted = Object.keys(targets);
const unknown = wanted.filter((t) => !(t in targets));
if (unknown.length > 0) {
  console.error(`unknown target ${unknown.join(", ")}, choose from ${Object.keys(targets).join(", ")}`);
  process.exit(2);
}

fs.mkdirSync(out, { recursive: true });
const { version } = JSON.parse(fs.readFileSync(path.join(here, "package.json"), "utf8"));
const bin = path.join(here, "bin");
for (const target of wanted) {
  const [goos, goarch] = targets[target];
  fs.rmSync(bin, { recursive: true, force: true });
  fs.mkdirSync(bin);
  for (const program of ["prefect-lsp", "prefectc"]) {
    execFileSync("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", path.join(bin, goos === "windows" ? `${program}.exe` : program), `./cmd/${program}`], {
      cwd: path.join(here, "..", ".."),
      env: { ...process.env, GOOS: goos, GOARCH: goarch, CGO_ENABLED: "0" },
      stdio: "inherit",
    });
  }
  const packagePath = path.join(out, `prefectc-${target}-${version}.vsix`);
  await createVSIX({ cwd: here, target, packagePath, dependencies: false });
  console.log(packagePath);
}
fs.rmSync(bin, { recursive: true, force: true });
