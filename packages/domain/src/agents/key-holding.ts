import { Problem } from "@omoios/kernel/problem";
import { calculateJwkThumbprint } from "jose";
import type { Guard } from "../commit.ts";
import type { Store } from "../store.ts";
import type { Key } from "./keys.ts";
import { type AgentKeyRow, hasEnded } from "./model.ts";

/** The key with its id, which is its RFC 7638 thumbprint. */
export async function keyOf(public_x: string): Promise<Key> {
  return { key_id: await calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x: public_x }), public_x };
}

/**
 * That a key is free: held by nobody, or by an agent that has ended and stays so, as the guards hold it to. Throws
 * `agent.key_in_use` or `agent.key_retired` otherwise.
 */
export async function expectFree(store: Store, row: AgentKeyRow | undefined): Promise<Guard[]> {
  if (row?.retired_at !== undefined) throw new Problem("agent.key_retired");
  const holder = row && (await store.get("agent", { agent_id: row.agent_id }));
  if (holder === undefined) return [];
  if (!hasEnded(holder)) throw new Problem("agent.key_in_use");
  return [{ kind: "agent", row: holder }];
}
