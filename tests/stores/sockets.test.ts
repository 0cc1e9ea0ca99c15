import type { Tables } from "@omoios/adapters/dynamodb/client";
import { socketsOn } from "@omoios/adapters/dynamodb/sockets";
import type { HeldSocket } from "@omoios/domain/agents/sockets";
import { newId } from "@omoios/kernel/ids";
import { seededRandom } from "@omoios/kernel/random";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withTables } from "../harness/dynamodb.ts";

const NOW = Date.parse("2026-01-05T10:00:00Z");
const random = seededRandom(7);

let tables: Tables;
let stop: () => Promise<void>;
beforeAll(async () => ({ tables, stop } = await withTables()));
afterAll(() => stop());

const socket = (given: Partial<HeldSocket> = {}): HeldSocket => ({
  agent_id: newId("agent", random),
  connection_id: crypto.randomUUID(),
  epoch: 1,
  class_id: "c",
  ends_at: NOW + 1_000,
  ...given,
});

it("an agent holds its newest connection, whose row the end of an older one leaves alone", async () => {
  const sockets = socketsOn(tables);
  const first = socket();
  const second = socket({ agent_id: first.agent_id });
  await sockets.open(first);
  await sockets.open(second);
  await sockets.close(first.connection_id);
  expect(await sockets.held(NOW)).toEqual([second]);
  await sockets.close(second.connection_id);
  await sockets.close(second.connection_id);
  expect(await sockets.held(NOW)).toEqual([]);
});

it("a connection that must have ended is not held, whether or not its row was deleted", async () => {
  const sockets = socketsOn(tables);
  await sockets.open(socket({ ends_at: NOW }));
  expect(await sockets.held(NOW)).toEqual([]);
});
