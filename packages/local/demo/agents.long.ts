import { appendFileSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { activityReader } from "./activity.ts";
import { readBacklog } from "./backlog.ts";
import { checkEvidence } from "./check/check-evidence.ts";
import { differencesOf } from "./check/compare.ts";
import { findBuilt, findTicketFacts, type TicketFacts } from "./check/facts.ts";
import type { Evidence, TicketEvidence } from "./evidence.ts";
import { EDITS } from "./harness/edits.ts";
import { playTicket } from "./harness/pipeline.ts";
import { playTask, startTask } from "./harness/play.ts";
import { changesOf, git } from "./measure/git.mjs";
import { killTree } from "./process-tree.ts";
import { makeRepository } from "./repository.ts";

const MINUTES = 5 * 60_000;
const backlog = readBacklog(new URL("backlog.yaml", import.meta.url));
/** A bug, a feature, and the change that comes back; the whole backlog is what the demo itself is for. */
const refs = ["CSV-1", "CSV-2", "CSV-3"];
const folder = mkdtempSync(join(tmpdir(), "omoi-demo-"));
const root = join(folder, "demo");
const scratch = join(folder, "scratch");
const ticketOf = (ref: string) => {
  const found = backlog.find((ticket) => ticket.ref === ref);
  if (found === undefined) throw new Error(`the backlog has no ${ref}`);
  return found;
};

let evidence: Evidence;
let facts: TicketFacts;

// Two at a time: agents that merge at the same time must not lose each other's work.
beforeAll(async () => {
  await makeRepository(root);
  const waiting = refs.map(ticketOf).reverse();
  const tickets: TicketEvidence[] = [];
  const work = async () => {
    for (let ticket = waiting.pop(); ticket !== undefined; ticket = waiting.pop())
      tickets.push(await playTicket(root, ticket));
  };
  await Promise.all([work(), work()]);
  evidence = { tickets: tickets.sort((a, b) => a.ref.localeCompare(b.ref)) };
  facts = await findTicketFacts(root, "CSV-3", scratch);
}, MINUTES);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function typed(): TicketEvidence {
  const found = structuredClone(evidence).tickets.find(({ ref }) => ref === "CSV-3");
  if (found === undefined) throw new Error("no evidence of CSV-3");
  return found;
}

test("the checker finds that the evidence of every ticket holds", { timeout: MINUTES }, async () => {
  expect(await checkEvidence(root, evidence, refs, () => undefined)).toEqual([]);
});

test("requirements have the length and the headings that their gate measures", () => {
  for (const { artifacts } of evidence.tickets) {
    const content = artifacts.find(({ type }) => type === "requirements_document")?.content ?? "";
    expect(content.length).toBeGreaterThanOrEqual(500);
    expect(content).toMatch(/^## Scope$/m);
    expect(content).toMatch(/^## Acceptance criteria$/m);
  }
});

test("one change is not good enough at first, comes back and is merged then", () => {
  expect(facts.unmerged).toHaveLength(1);
  expect(facts.unmerged[0]?.coverage_percent).toBeLessThan(80);
  expect(typed().history.filter(({ to }) => to === "PHASE_DESIGN")).toHaveLength(2);
  expect(facts.measurement.coverage_percent).toBeGreaterThanOrEqual(80);
});

test.for(EDITS)("an edit by hand is found: %s", ([, edit, says]) => {
  const ticket = typed();
  expect(differencesOf(ticket, facts)).toEqual([]);
  edit(ticket);
  expect(differencesOf(ticket, facts).join("\n")).toMatch(says);
});

test("a ticket that is missing, and one too many, are found", { timeout: MINUTES }, async () => {
  const one = { tickets: [typed()] };
  const differences = await checkEvidence(root, one, ["CSV-1"], () => undefined);
  expect(differences).toEqual(["CSV-1: there is no such ticket", "CSV-3: the backlog has no such ticket"]);
});

test("a change of the deployed folder is found", { timeout: MINUTES }, async () => {
  const file = join(root, facts.release.path, "src/parse.js");
  const before = readFileSync(file, "utf8");
  appendFileSync(file, "// edited\n");
  try {
    const found = await findTicketFacts(root, "CSV-3", scratch);
    expect(differencesOf(typed(), found).join("\n")).toMatch(/its deployed folder is not what its commit packs to/);
  } finally {
    writeFileSync(file, before);
  }
});

test("the current release is what main packs to, whatever order the tickets were deployed in", {
  timeout: MINUTES,
}, async () => {
  const { deployed, packed } = await findBuilt(root, scratch);
  expect(deployed).toBe(packed);
});

test("an agent that is killed while it tests leaves nothing that its successor stumbles over", {
  timeout: MINUTES,
}, async () => {
  const ticket = ticketOf("CSV-4");
  await playTask(root, ticket, "PHASE_REQUIREMENTS");
  await playTask(root, ticket, "PHASE_DESIGN");
  const activity = activityReader(root);
  activity();
  const killed = startTask(root, ticket, "PHASE_IMPLEMENTATION");
  await expect
    .poll(() => activity().some(({ step }) => step === "testing"), { timeout: MINUTES, interval: 10 })
    .toBe(true);
  killTree(killed.pid);
  await killed.ended;
  const { result } = await playTask(root, ticket, "PHASE_IMPLEMENTATION");
  const repository = join(root, "library.git");
  const merged = await changesOf(repository, "main", "CSV-4");
  expect(merged).toHaveLength(1);
  expect(result.artifacts?.[0]?.metadata).toMatchObject({ commit: merged[0]?.commit, merged: true, has_tests: true });
});

test("every step may be repeated and hands in the same", { timeout: MINUTES }, async () => {
  const before = await git(join(root, "library.git"), "rev-parse", "main");
  const current = realpathSync(join(root, "deploy/current"));
  const { artifacts } = evidence.tickets[0] ?? typed();
  for (const phase of ["REQUIREMENTS", "DESIGN", "IMPLEMENTATION", "BUILDING_DONE", "TESTING", "DEPLOYMENT"]) {
    const { result } = await playTask(root, ticketOf("CSV-1"), `PHASE_${phase}`);
    for (const { type, path, metadata, content } of result.artifacts ?? []) {
      const first = artifacts.find((artifact) => artifact.type === type && artifact.path === path);
      expect({ type, metadata, content: content ?? null }).toEqual({
        type,
        metadata: first?.metadata,
        content: first?.content,
      });
    }
  }
  expect(await git(join(root, "library.git"), "rev-parse", "main")).toBe(before);
  expect(realpathSync(join(root, "deploy/current"))).toBe(current);
});
