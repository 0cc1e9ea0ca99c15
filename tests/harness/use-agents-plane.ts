import type { Tables } from "@omoios/adapters/dynamodb/client";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { type AgentActs, agentActs } from "./agent-acts.ts";
import { type AgentsPlane, agentsPlane } from "./agents-plane.ts";
import { withTables } from "./dynamodb.ts";

type Take = (made: { tables: Tables; plane: AgentsPlane; acts: AgentActs }) => void;

/** Gives each test a new plane, and what agents do on it, over tables that the tests of the file share. */
export function useAgentsPlane(take: Take): void {
  let started: Awaited<ReturnType<typeof withTables>>;
  beforeAll(async () => {
    started = await withTables();
  });
  beforeEach(async () => take(await madeOver(started.tables)));
  afterAll(() => started.stop());
}

/** The same over tables of its own, for tests of what concerns every agent of a table. */
export function useAgentsPlaneAlone(take: Take): void {
  beforeEach(async () => {
    const started = await withTables();
    take(await madeOver(started.tables));
    return () => started.stop();
  });
}

async function madeOver(tables: Tables) {
  const plane = await agentsPlane(tables);
  return { tables, plane, acts: agentActs(plane) };
}
