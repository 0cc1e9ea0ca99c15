import { createHash } from "node:crypto";
import { Problem } from "@omoios/kernel/problem";
import type { Guard } from "../commit.ts";
import type { Store } from "../store.ts";
import type { Key } from "./keys.ts";
import { type AgentKeyRow, hasEnded } from "./model.ts";

/** The key with its id, which is its RFC 7638 thumbprint: the required members in their order, without spaces. */
export function keyOf(public_x: string): Key {
  const members = JSON.stringify({ crv: "Ed25519", kty: "OKP", x: public_x });
  return { key_id: createHash("sha256").update(members).digest("base64url"), public_x };
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
