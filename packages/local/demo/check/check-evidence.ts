import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evidence } from "../evidence.ts";
import { differencesOf } from "./compare.ts";
import { findBuilt, findTicketFacts } from "./facts.ts";

/**
 * Recomputes everything that the evidence speaks of and gives every difference as a sentence; none means that it holds.
 * `refs` are the tickets that there must be.
 */
export async function checkEvidence(
  root: string,
  evidence: Evidence,
  refs: string[],
  tell: (message: string) => void,
): Promise<string[]> {
  const scratch = mkdtempSync(join(tmpdir(), "omoi-check-"));
  try {
    const differences = compareRefs(evidence, refs);
    for (const ticket of evidence.tickets) {
      tell(`${ticket.ref}: history, documents, tests, coverage, bundle, release`);
      differences.push(...(await checkTicket(root, ticket, scratch)));
    }
    tell("deploy/current against main");
    return [...differences, ...(await checkBuilt(root, scratch))];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function checkTicket(root: string, ticket: Evidence["tickets"][number], scratch: string): Promise<string[]> {
  try {
    return differencesOf(ticket, await findTicketFacts(root, ticket.ref, scratch));
  } catch (error) {
    // Something that the evidence speaks of is not there: a difference, and the other tickets are checked all the same.
    return [`${ticket.ref}: ${error instanceof Error ? error.message : error}`];
  }
}

async function checkBuilt(root: string, scratch: string): Promise<string[]> {
  try {
    const { deployed, packed } = await findBuilt(root, scratch);
    return deployed === packed ? [] : [`deploy/current is ${deployed}, main packs to ${packed}`];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function compareRefs({ tickets }: Evidence, refs: string[]): string[] {
  const found = new Set(tickets.map(({ ref }) => ref));
  return [
    ...refs.filter((ref) => !found.has(ref)).map((ref) => `${ref}: there is no such ticket`),
    ...[...found].filter((ref) => !refs.includes(ref)).map((ref) => `${ref}: the backlog has no such ticket`),
  ];
}
