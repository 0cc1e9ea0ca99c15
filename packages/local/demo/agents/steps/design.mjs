import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileAt, git } from "../../measure/git.mjs";
import { commitDocument } from "../checkout.mjs";
import { patchesOf, TEST_PLAN, testsOf } from "../plan.mjs";

/**
 * Writes how the change will be made and tested. A ticket that comes back gets a wider test plan.
 * @param {import("../task.mjs").Shop} shop
 * @returns {Promise<import("../task.mjs").Result>}
 */
export async function design(shop) {
  const { task, ref } = shop;
  const feedback = task.context?.feedback ?? [];
  shop.progress(20, "reading the requirements");
  const requirements = await fileAt(shop.repository, "main", `docs/requirements/${ref}.md`);
  if (requirements === undefined) throw new Error(`main has no requirements for ${ref}`);
  const patches = patchesOf(shop.changes, ref);
  // The first plan covers the first step of the change; what came back is planned to its end.
  const planned = feedback.length > 0 ? patches : patches.slice(0, 1);
  shop.progress(50, "surveying the modules that change");
  const survey = await surveyOf(
    shop.repository,
    planned.flatMap(({ paths }) => paths),
  );
  const tests = testsOf(planned);
  const content = [
    `# ${ref}: design`,
    readFileSync(join(shop.changes, ref, "design.md"), "utf8").trim(),
    "## Files",
    survey.join("\n"),
    TEST_PLAN,
    tests.map((path) => `- \`${path}\``).join("\n"),
    `They cover ${criteriaIn(requirements)} acceptance criteria of \`docs/requirements/${ref}.md\`.`,
    ...(feedback.length > 0 ? ["## Why the work came back", feedback.map((reason) => `- ${reason}`).join("\n")] : []),
  ].join("\n\n");
  const path = `docs/design/${ref}.md`;
  shop.progress(80, "committing the document");
  const message = feedback.length > 0 ? `${ref}: widen the test plan` : `${ref}: design the change`;
  const commit = await commitDocument(shop, { path, content: `${content}\n`, message });
  return {
    output: {
      summary: `${ref} changes ${survey.length} files, ${tests.length} of them tests`,
      decisions: feedback.length > 0 ? [`The test plan of ${ref} is widened: ${feedback.at(-1)}`] : [],
    },
    artifacts: [{ type: "design_document", path, content: `${content}\n`, metadata: { commit } }],
  };
}

/**
 * @param {string} repository
 * @param {string[]} paths
 */
async function surveyOf(repository, paths) {
  const released = new Set((await git(repository, "ls-tree", "-r", "--name-only", "v1.0.0")).split("\n"));
  const lines = [...new Set(paths)].sort().map(async (path) => {
    if (!released.has(path)) return `- \`${path}\`: new`;
    const text = (await fileAt(repository, "v1.0.0", path)) ?? "";
    return `- \`${path}\`: ${text.split("\n").length - 1} lines as released`;
  });
  return Promise.all(lines);
}

/** @param {string} requirements */
function criteriaIn(requirements) {
  const [, list = ""] = requirements.split("## Acceptance criteria");
  return [...(list.split("## ")[0] ?? "").matchAll(/^\d+\. /gm)].length;
}
