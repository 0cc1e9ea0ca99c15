import type { KeyKind, Scope } from "@omoios/contracts/shapes/access";
import type { Instant } from "@omoios/kernel/clock";
import type { ApiKeyId } from "@omoios/kernel/ids";
import type { AuthorityName } from "@omoios/kernel/principal";
import type { Versioned } from "../versioned.ts";

/** A key of an operator, or one that registers agents; known by its SHA-256 alone. */
export interface ApiKeyRow extends Versioned {
  key_id: ApiKeyId;
  sha256: string;
  name: string;
  scopes: Scope[];
  authority: AuthorityName;
  /** How many agents it may register, and until when; of a key that may do only that. */
  registration?: { uses: number; expires_at: Instant } | undefined;
  created_at: Instant;
  created_by: string;
  revoked_at?: Instant | undefined;
}

/** What every claim must know of the stage: whether it is paused, and until when agents may have messages to acknowledge. */
export interface PauseRow extends Versioned {
  paused: boolean;
  mail_until?: Instant | undefined;
  reason?: string | undefined;
  since?: Instant | undefined;
  /** Lanes that are paused by themselves, and since when. Bounded, since every claim reads this row. */
  lanes?: Record<string, Instant> | undefined;
}

/** A key that signs agents' access tokens: at least 32 bytes. */
export interface TokenKey {
  kid: string;
  secret: Uint8Array;
}

/** The stage's keys for access tokens. Two are valid while they are rotated. */
export interface TokenKeys {
  /** The key that signs. */
  newest(): Promise<TokenKey>;
  /** The key by its id, as long as it is valid. */
  find(kid: string): Promise<TokenKey | undefined>;
}

/** Makes a key that nobody can guess: `omoi_sk_…` for an operator, `omoi_rk_…` to register agents. */
export type MakeApiKey = (kind?: KeyKind) => string;
