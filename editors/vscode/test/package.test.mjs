// What is inside the .vsix: everything the extension needs, for its platform, and nothing else.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const require = createRequire(createRequire(import.meta.url).resolve("@vscode/vsce/package.json"));
const yauzl = require("yauzl");

/** The files of a zip: name, contents and permissions. */
async function unzipped(file) {
  const zip = await promisify(yauzl.open)(file, { lazyEntries: true });
  const files = new Map();
  await new Promise((resolve, reject) => {
    zip.on("error", reject).on("end", resolve).on("entry", (entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const parts = [];
        stream.on("data", (part) => parts.push(part)).on("error", reject).on("end", () => {
          files.set(entry.fileName, { mode: (entry.externalFileAttributes >>> 16) & 0o777, data: Buffer.concat(parts) });
          zip.readEntry();
        });
      });
    });
    zip.readEntry();
  });
  return files;
}

test("the package holds the programs of its platform and what the extension refers to", async () => {
  const files = await unzipped(process.env.VSIX);
  const manifest = JSON.parse(files.get("extension/package.json").data);
  const { main, contributes } = manifest;
  for (const name of [main, contributes.snippets[0].path, contributes.yamlValidation[0].url, "README.md", "CHANGELOG.md", "dist/THIRD_PARTY_NOTICES.txt",
    ...contributes.walkthroughs[0].steps.map((step) => step.media.markdown)]) {
    assert.ok([...files.keys()].some((f) => f.toLowerCase() === path.posix.join("extension", name).toLowerCase()), `${name} is not in it`);
  }
  const outside = [...files.keys()].filter((f) => /node_modules|\.ts$|\.map$|test\//.test(f));
  assert.deepEqual(outside, []);
  assert.match(files.get("extension.vsixmanifest").data.toString(), new RegExp(`TargetPlatform="${process.platform}-${process.arch}"`));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "vsix-"));
  try {
    for (const [program, args] of [["prefect-lsp", ["--version"]], ["prefectc", ["version"]]]) {
      const { mode, data } = files.get(`extension/bin/${program}`);
      assert.equal(mode & 0o111, 0o111, `${program} cannot be executed`);
      const copy = path.join(folder, program);
      fs.writeFileSync(copy, data, { mode: 0o755 });
      assert.match(execFileSync(copy, args, { encoding: "utf8" }), new RegExp(program));
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test("the README's pictures are there", () => {
  const readme = fs.readFileSync(path.join(import.meta.dirname, "..", "README.md"), "utf8");
  const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((m) => m[1]);
  assert.ok(pictures.length >= 4, `${pictures.length} pictures`);
  for (const name of pictures) assert.ok(fs.existsSync(path.join(import.meta.dirname, "..", name)), name);
});
