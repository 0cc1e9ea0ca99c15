import { timingSafeEqual } from "node:crypto";
import type { Instant } from "@omoios/kernel/clock";
import { type NoteRead, UNCOUNTED } from "../cache-counts.ts";
import type { Store } from "../store.ts";
import { fingerprint } from "./api-key.ts";
import type { ApiKeyRow } from "./model.ts";

/** Keys kept at a time. It bounds memory only: a key that is not kept is read again. */
const CACHED_KEYS = 1_000;

/** Operators' keys of one process. */
export interface OperatorKeys {
  /** The living key with this secret. One that was revoked may be found for up to `api_key_cache_ms` by processes that did not revoke it. */
  find(api_key: string, now: Instant): Promise<ApiKeyRow | undefined>;
  /** Reads the key anew at its next use. */
  forget(key_id: string): void;
}

/** Reads keys strongly, and trusts what was read for `cache_ms`. Unknown keys are not kept: anybody can make those up. */
export function operatorKeys(store: Store, cache_ms: number, note: NoteRead = UNCOUNTED): OperatorKeys {
  const cache = new Map<string, { row: ApiKeyRow; until: Instant }>();

  const load = async (key_id: ApiKeyRow["key_id"], now: Instant): Promise<ApiKeyRow | undefined> => {
    const cached = cache.get(key_id);
    const knows = cached !== undefined && cached.until > now;
    note(knows);
    if (cached !== undefined && knows) return cached.row;
    const row = await store.get("api_key", { key_id });
    if (cache.size >= CACHED_KEYS) cache.clear();
    if (row === undefined) cache.delete(key_id);
    else cache.set(key_id, { row, until: now + cache_ms });
    return row;
  };

  return {
    async find(api_key, now) {
      const { key_id, sha256 } = fingerprint(api_key);
      const row = await load(key_id, now);
      if (row === undefined || row.revoked_at !== undefined) return undefined;
      return timingSafeEqual(Buffer.from(row.sha256, "hex"), Buffer.from(sha256, "hex")) ? row : undefined;
    },
    forget: (key_id) => void cache.delete(key_id),
  };
}
