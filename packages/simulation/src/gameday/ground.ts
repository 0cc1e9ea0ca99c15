import type { AlertmanagerBody } from "@omoios/contracts/shapes/alert";
import type { Sample } from "@omoios/contracts/shapes/sample";
import type { Instant } from "@omoios/kernel/clock";
import type { Backlog } from "./actors/backlog.ts";
import type { Crew } from "./actors/crew.ts";
import type { Course, Probes } from "./course.ts";
import type { Time } from "./time.ts";

/** What can go wrong inside a plane. */
export type BreakageKind =
  | "drop_heartbeats"
  | "double_events"
  | "drop_events"
  | "reorder_events"
  | "pause_sweep"
  | "throttle_table";

/** Where a game day is played: a plane, the time there, and what can be done to it. */
export interface Ground {
  readonly time: Time;
  readonly crew: Crew;
  readonly backlog: Backlog;
  /** From now on, for so long, in that share of cases. */
  break(kind: BreakageKind, share: number, for_ms: number): unknown;
  /** Lets a receiver answer with a status for so long. */
  answer(receiver: string, status: number, for_ms: number): unknown;
  /** Sends samples, of moments that may lie before the run. */
  sample(samples: Sample[]): Promise<unknown>;
  /** Says what an Alertmanager's webhook says. */
  ingest(body: AlertmanagerBody): Promise<unknown>;
  /** Takes on the oldest alert of that name that fires. */
  acknowledge(alertname: string): Promise<unknown>;
  probe(): Promise<Probes>;
  /** What happened since then and up to now. */
  seen(begun_at: Instant): Promise<Pick<Course, "events" | "told" | "errors">>;
  /** Everything works again, nobody acts any more, and what was made is gone. Says what is left nevertheless. */
  restore(): Promise<readonly string[]>;
}
