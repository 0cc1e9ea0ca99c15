import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changesOf, git } from "../../measure/git.mjs";
import { describeBundle, packCommit } from "../../measure/pack.mjs";
import { commitDocument } from "../checkout.mjs";

/**
 * Packs the library as the ticket's merged commit has it, and writes what the next one must know.
 * @param {import("../task.mjs").Shop} shop
 * @returns {Promise<import("../task.mjs").Result>}
 */
export async function packageChange(shop) {
  const { ref, repository, root } = shop;
  const changes = await changesOf(repository, "main", ref);
  const commit = changes.at(-1)?.commit;
  if (commit === undefined) throw new Error(`main has no change of ${ref} to pack`);
  shop.progress(20, `packing ${commit.slice(0, 12)}`);
  const { name, bundle } = await packCommit(repository, commit, join(shop.scratch, "pack"));
  const description = describeBundle(bundle);
  const folder = `bundles/${ref}`;
  mkdirSync(join(root, folder), { recursive: true });
  writeWhole(join(root, folder, name), bundle);
  const path = `${folder}/${name}`;
  writeWhole(join(root, folder, "bundle.json"), `${JSON.stringify({ path, commit, ...description }, null, 2)}\n`);
  shop.progress(70, "writing the handoff");
  const content = await handoffText(shop, commit, path, description);
  const document = `docs/handoff/${ref}.md`;
  await commitDocument(shop, { path: document, content, message: `${ref}: hand over` });
  return {
    output: {
      summary: `${ref} packed as ${path}: ${description.files.length} files`,
      notes: [`The bundle is built from ${commit.slice(0, 12)}`],
    },
    artifacts: [
      { type: "packaging_bundle", path, metadata: { commit, ...description } },
      { type: "handoff_documentation", path: document, content, metadata: { commit } },
    ],
    handoff: {
      done: changes.map(({ change }) => change),
      remaining: [],
      files: description.files,
      commands: [`npm install ./${path}`],
    },
  };
}

/**
 * @param {import("../task.mjs").Shop} shop
 * @param {string} commit
 * @param {string} path
 * @param {ReturnType<typeof describeBundle>} description
 */
async function handoffText({ repository, ref, task }, commit, path, description) {
  const changes = await changesOf(repository, commit, ref);
  const stats = await Promise.all(
    changes.map(
      async (change) => `${change.change}\n${await git(repository, "show", "--format=", "--stat=100", change.commit)}`,
    ),
  );
  return [
    `# ${ref}: handoff`,
    task.ticket.title,
    "## What was done",
    `\`\`\`text\n${stats.join("\n\n")}\n\`\`\``,
    "## What is in the bundle",
    `\`${path}\`, ${description.files.length} files, SHA-256 of their content ${description.content_sha256}.`,
    "## How to try it",
    `Unpack it as \`node_modules/plaincsv\`, put the folder \`test\` of commit ${commit.slice(0, 12)} beside it, and run the tests there.`,
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

/**
 * Whoever reads the file meanwhile sees the old one or the new one.
 * @param {string} file
 * @param {Buffer | string} content
 */
function writeWhole(file, content) {
  const part = `${file}.${process.pid}`;
  writeFileSync(part, content);
  renameSync(part, file);
}
