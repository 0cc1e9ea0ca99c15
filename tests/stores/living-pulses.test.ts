import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Tables } from "@omoios/adapters/dynamodb/client";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
import type { PulseRow } from "@omoios/domain/agents/model";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const AGENTS = 1_000;
const random = seededRandom(7);

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

/** A working agent's pulse, with all the figures that a heartbeat may bring. */
const pulse = (): PulseRow => ({
  agent_id: newId("agent", random),
  epoch: 1,
  sequence: 100_000,
  beat_at: NOW,
  next_by: NOW + 60_000,
  status: "RUNNING",
  task_ids: [newId("task", random), newId("task", random)],
  left_out: { [`${newId("task", random)}#12`]: 1 },
  health: {
    cpu_usage_percent: 71.25,
    memory_usage_mb: 1_024,
    active_connections: 4,
    pending_operations: 2,
    last_error_at: "2026-01-05T09:59:59.123Z",
    custom: { tokens_spent: 120_000, tool_calls: 42 },
  },
  replays: 3,
});

it("the pulses of a thousand agents are read for at most 130 read units, and none is passed over", async () => {
  const rows = Array.from({ length: AGENTS }, pulse);
  const store = pulseOn(tables);
  for (let from = 0; from < rows.length; from += 50) await Promise.all(rows.slice(from, from + 50).map(store.open));
  let units = 0;
  tables.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (context.commandName !== QueryCommand.name) return next(args);
      Object.assign(args.input as object, { ReturnConsumedCapacity: "TOTAL" });
      const answer = await next(args);
      units +=
        (answer.output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity?.CapacityUnits ?? 0;
      return answer;
    },
    { step: "initialize", name: "count" },
  );
  const living = await store.living();
  expect(living.map(({ agent_id }) => agent_id).sort()).toEqual(rows.map(({ agent_id }) => agent_id).sort());
  expect(units).toBeGreaterThan(0);
  expect(units).toBeLessThanOrEqual(130);
});
