import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { archive, git, tryGit } from "../../measure/git.mjs";
import { execute } from "../../measure/process.mjs";
import { extractTar } from "../../measure/tar.mjs";
import { commitDocument } from "../checkout.mjs";
import { readRequest } from "../ticket.mjs";

/** What users have today: requirements are written against it, whatever others merge meanwhile. */
const RELEASED = "v1.0.0";

/**
 * Writes what the ticket asks for, after looking where the code is concerned and what the released version does today.
 * @param {import("../task.mjs").Shop} shop
 * @returns {Promise<import("../task.mjs").Result>}
 */
export async function writeRequirements(shop) {
  const { task, ref } = shop;
  const request = readRequest(task);
  shop.progress(20, "looking for the code that is concerned");
  const modules = await concernedModules(shop.repository, request.names);
  shop.progress(40, "trying the example with the released version");
  const today = request.example && (await outputOf(shop, request.example));
  const content = [
    `# ${ref}: ${task.ticket.title}`,
    "## Scope",
    request.prose,
    `Modules that name what the ticket speaks of: ${modules.length > 0 ? modules.join(", ") : "none yet; this is new"}.`,
    ...(request.example
      ? [
          "## Behaviour today",
          codeBlock("js", request.example),
          `Version ${RELEASED} answers:`,
          codeBlock("text", today),
        ]
      : []),
    "## Acceptance criteria",
    request.criteria.map((criterion, index) => `${index + 1}. ${criterion}`).join("\n"),
    "## Out of scope",
    "Every behaviour that is not named above stays as the tests of the released version describe it. No dependency is added.",
  ].join("\n\n");
  const path = `docs/requirements/${ref}.md`;
  shop.progress(70, "committing the document");
  const commit = await commitDocument(shop, {
    path,
    content: `${content}\n`,
    message: `${ref}: write the requirements`,
  });
  return {
    output: {
      summary: `${request.criteria.length} acceptance criteria for ${ref}, ${modules.length} modules concerned`,
      decisions: [`What ${ref} does not name stays as released`],
    },
    artifacts: [{ type: "requirements_document", path, content: `${content}\n`, metadata: { commit } }],
  };
}

/**
 * @param {string} repository
 * @param {string[]} names
 */
async function concernedModules(repository, names) {
  const words = names.flatMap((name) => /^[A-Za-z][\w-]*/.exec(name)?.[0] ?? []);
  if (words.length === 0) return [];
  const patterns = words.flatMap((word) => ["-e", word]);
  const { ok, output } = await tryGit(
    repository,
    "grep",
    "--count",
    "--word-regexp",
    "--fixed-strings",
    ...patterns,
    RELEASED,
    "--",
    "src",
  );
  if (!ok) return [];
  return output.split("\n").map((line) => {
    const [, path, count] = line.split(":");
    return `\`${path}\` (${count} ${count === "1" ? "line" : "lines"})`;
  });
}

/**
 * Runs an example within the released version; the package's own name leads to itself there.
 * @param {import("../task.mjs").Shop} shop
 * @param {string} example
 */
async function outputOf({ repository, scratch }, example) {
  const folder = join(scratch, "released");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  extractTar(await archive(repository, await git(repository, "rev-parse", RELEASED)), folder);
  writeFileSync(join(folder, "example.mjs"), example);
  const { status, stdout, stderr } = await execute(process.execPath, ["example.mjs"], { cwd: folder });
  if (status === 0) return stdout.toString().trim();
  // Of a failure only its own line: the rest names folders of this machine.
  return /^\w*Error.*$/m.exec(stderr)?.[0] ?? `exit code ${status}`;
}

/**
 * @param {string} language
 * @param {string | undefined} text
 */
function codeBlock(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
