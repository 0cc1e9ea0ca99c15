import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patchesOf } from "./agents/plan.mjs";
import { readBacklog } from "./backlog.ts";
import { measureChange, REQUIRED_PERCENT } from "./measure/coverage.mjs";
import { git } from "./measure/git.mjs";
import { makeRepository } from "./repository.ts";

const CHANGES = fileURLToPath(new URL("changes", import.meta.url));
const refs = readBacklog(new URL("backlog.yaml", import.meta.url)).map(({ ref }) => ref);
const folder = mkdtempSync(join(tmpdir(), "omoi-changes-"));
const tree = join(folder, "tree");

beforeAll(async () => {
  const repository = await makeRepository(folder);
  await git(folder, "clone", "--quiet", repository, tree);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function apply(ref: string): Promise<string[]> {
  const commits: string[] = [];
  for (const { file, name } of patchesOf(CHANGES, ref)) {
    await git(tree, "apply", "--3way", "--index", file);
    await git(tree, "commit", "--quiet", "-m", ref, "--trailer", `Ticket: ${ref}`, "--trailer", `Change: ${name}`);
    commits.push(await git(tree, "rev-parse", "HEAD"));
  }
  return commits;
}

function shuffled(random: () => number): string[] {
  return refs
    .map((ref) => ({ ref, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ ref }) => ref);
}

test("the backlog and the changes name the same tickets", () => {
  expect(readdirSync(CHANGES).sort()).toEqual([...refs].sort());
});

test("the changes apply in any order, and give the same tree", { timeout: 60_000 }, async () => {
  const random = seededRandom(7);
  const trees = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    await git(tree, "checkout", "--quiet", "--detach", "v1.0.0");
    for (const ref of shuffled(random)) await apply(ref);
    trees.add(await git(tree, "rev-parse", "HEAD^{tree}"));
  }
  expect(trees.size).toBe(1);
});

test.for(refs)("%s alone passes its tests; what its last patch leaves is covered", { timeout: 60_000 }, async (ref) => {
  await git(tree, "checkout", "--quiet", "--detach", "v1.0.0");
  const commits = await apply(ref);
  for (const [index, commit] of commits.entries()) {
    const measured = await measureChange(tree, commit, ref, join(folder, "scratch"));
    expect(measured.failures).toEqual([]);
    expect(measured.has_tests).toBe(true);
    // A patch before the last one is an attempt that its gate must send back.
    expect(measured.coverage_percent >= REQUIRED_PERCENT).toBe(index === commits.length - 1);
  }
});
