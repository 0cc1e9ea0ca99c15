import { isDeepStrictEqual } from "node:util";
import type { TicketEvidence } from "../evidence.ts";
import { brokenInTasks } from "../invariants.ts";
import { REQUIRED_PERCENT } from "../measure/coverage.mjs";
import { expectedOf, type Statement } from "./expected.ts";
import type { TicketFacts } from "./facts.ts";

const PHASES = ["REQUIREMENTS", "DESIGN", "IMPLEMENTATION", "BUILDING_DONE", "TESTING", "DEPLOYMENT", "DONE"];

/** Every place where a ticket's evidence is not what was found, each as a sentence. */
export function differencesOf(evidence: TicketEvidence, facts: TicketFacts): string[] {
  return [
    ...endOf(evidence),
    ...brokenInTasks(evidence.tasks),
    ...expectedOf(evidence.ref, facts).flatMap((expected) => compareArtifact(evidence, expected)),
    ...surplusOf(evidence, expectedOf(evidence.ref, facts)),
    ...qualityOf(facts),
    ...returnsOf(evidence, facts),
  ].map((difference) => `${evidence.ref}: ${difference}`);
}

function endOf({ phase_id, status, history }: TicketEvidence): string[] {
  const visited = new Set(history.map(({ to }) => to));
  const skipped = PHASES.map((name) => `PHASE_${name}`).filter((phase) => !visited.has(phase));
  return [
    ...(phase_id === "PHASE_DONE" && status === "done" ? [] : [`it is ${status} in ${phase_id}, not done`]),
    ...skipped.map((phase) => `its history does not show ${phase}`),
  ];
}

function compareArtifact({ artifacts }: TicketEvidence, expected: Statement): string[] {
  const { type, path } = expected;
  const found = artifacts.find((artifact) => artifact.type === type && artifact.path === path);
  if (found === undefined) return [`${type} ${path} is missing`];
  const differences: string[] = [];
  if (found.content !== expected.content) differences.push(`${type} ${path}: its content is not what main has`);
  for (const key of new Set([...Object.keys(expected.metadata), ...Object.keys(found.metadata)])) {
    const [says, is] = [found.metadata[key], expected.metadata[key]];
    if (!isDeepStrictEqual(says, is)) {
      differences.push(
        `${type}.${key}: the evidence says ${JSON.stringify(says)}, recomputed it is ${JSON.stringify(is)}`,
      );
    }
  }
  return differences;
}

function surplusOf({ artifacts }: TicketEvidence, expected: Statement[]): string[] {
  const known = new Set(expected.map(({ type, path }) => `${type} ${path}`));
  return artifacts
    .map(({ type, path }) => `${type} ${path}`)
    .filter((name) => !known.has(name))
    .map((name) => `${name} is evidence of nothing that was found`);
}

/** What the gates ask for, judged by the facts alone. */
function qualityOf({ measurement, kinds, bundle, release }: TicketFacts): string[] {
  const broken: string[] = [];
  if (!measurement.has_tests) broken.push("its change has no tests");
  if (measurement.coverage_percent < REQUIRED_PERCENT)
    broken.push(`${measurement.coverage_percent} % of its change is covered`);
  for (const [kind, { failures }] of Object.entries({ coverage: measurement, ...kinds })) {
    broken.push(...failures.map(({ name }) => `${kind} test fails: ${name}`));
  }
  if (bundle.found.content_sha256 !== bundle.packed.content_sha256)
    broken.push("its bundle is not what its commit packs to");
  if (release.sha256 !== bundle.packed.content_sha256)
    broken.push("its deployed folder is not what its commit packs to");
  return broken;
}

/** A change that was too poor must have gone back, for the reason that is measured again. */
function returnsOf({ history }: TicketEvidence, { unmerged }: TicketFacts): string[] {
  const returns = history.filter(({ from, to }) => from === "PHASE_IMPLEMENTATION" && to === "PHASE_DESIGN");
  const reasons = returns.map(({ why }) => why).join("\n");
  const wrong = unmerged.flatMap(({ commit, coverage_percent }) => {
    const name = commit.slice(0, 12);
    if (coverage_percent >= REQUIRED_PERCENT)
      return [`${name} was not merged although ${coverage_percent} % is covered`];
    return reasons.includes(String(coverage_percent))
      ? []
      : [`no return in its history names the ${coverage_percent} % of ${name}`];
  });
  if (unmerged.length === returns.length) return wrong;
  return [...wrong, `its history shows ${returns.length} returns, the repository ${unmerged.length}`];
}
