import type { Tables } from "@omoios/adapters/dynamodb/client";
import type { Webhooks } from "@omoios/adapters/messaging/webhooks";
import type { TokenKeys } from "@omoios/domain/access/model";
import type { OidcIssuers } from "@omoios/domain/access/oidc";
import type { Post } from "@omoios/domain/agents/sockets";
import type { Sender } from "@omoios/domain/alerting/deliver";
import type { AuditKeys } from "@omoios/domain/audit/model";
import type { Bucket } from "@omoios/domain/audit/ports";
import type { Timers } from "@omoios/domain/store";
import type { LaneWatch } from "@omoios/domain/tasks/lane-watch";
import type { Notice } from "@omoios/domain/tasks/parts";
import type { Clock } from "@omoios/kernel/clock";
import type { Random } from "@omoios/kernel/random";
import type { Configuration } from "./configuration.ts";

/** What a build can lack, so that a game day shows that it is missed. No stage lacks any. */
export type LackedPart = "deduplication" | "detector";

/** What the rooms stand on: a simulation gives its own clock, chance and clients. */
export interface Ground extends Configuration {
  stage: string;
  tables: Tables;
  timers: Timers;
  clock: Clock;
  random: Random;
  token_keys: TokenKeys;
  audit_keys: AuditKeys;
  /** Whose tokens people and services may bring; nobody's unless given. */
  issuers?: OidcIssuers;
  watch?: LaneWatch;
  /** Claims that may wait for work at a time; above that an empty answer is immediate. None unless given. */
  waiting_claims?: number;
  notice?: Notice;
  /** Sends on the agents' sockets; without it nobody is woken. */
  post?: Post;
  wake_url?: () => string | null;
  /** Where the audit is exported to; null where it is not. */
  audit_bucket?: () => Bucket | null;
  /** Takes figures as lines of the embedded metric format, where something makes metrics of them. */
  figure_line?: ((line: string) => void) | undefined;
  /** Where the plane is reached, for the links in notifications; empty unless given. */
  public_url?: () => string;
  /** What notifications are sent with; a function that sends none has none. */
  sender?: () => Sender;
  /** Such as go to no private address, unless given. */
  webhooks?: Webhooks;
  lacks?: LackedPart | undefined;
}
