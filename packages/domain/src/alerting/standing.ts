import type { RowKind, RowOf } from "../rows.ts";
import type { KeyOf, Store } from "../store.ts";
import type { Alert } from "./alert.ts";
import type { Step } from "./life.ts";
import type { AlertParts } from "./parts.ts";
import { concerned } from "./placement.ts";
import {
  type AlertGroupRow,
  type AlertMemberRow,
  type AlertRow,
  type AlertSourceRow,
  groupIdOf,
  type OccurrenceRow,
} from "./rows.ts";

/** What is to be done about an alert, decided from its row as it stands; `undefined` for nothing. */
export interface Turn {
  fingerprint: string;
  decide(row: AlertRow | undefined): Step | undefined;
}

/** The rows of some alerts and of what lies beside them, as they were read. */
export interface Standing {
  /** By fingerprint. */
  alerts: Map<string, AlertRow>;
  /** By key. */
  groups: Map<string, AlertGroupRow>;
  /** By group and fingerprint: see `seatName`. */
  members: Map<string, AlertMemberRow>;
  /** By the alert's id. */
  occurrences: Map<string, OccurrenceRow>;
  /** By fingerprint. */
  sources: Map<string, AlertSourceRow>;
  /** What is to be done by those rows, by fingerprint: only where something is. */
  steps: Map<string, Step>;
}

export const nothingRead = (): Standing => ({
  alerts: new Map(),
  groups: new Map(),
  members: new Map(),
  occurrences: new Map(),
  sources: new Map(),
  steps: new Map(),
});

const byFingerprint = ({ fingerprint }: { fingerprint: string }) => fingerprint;

/** Where a member's row is found. */
export const seatName = (group_id: string, fingerprint: string): string => `${group_id} ${fingerprint}`;

/**
 * Reads the alerts of some turns, decides their steps, and reads what those concern: each kind at once, so that the requests grow with the
 * hundreds of rows and not with the alerts. What was read of them before is replaced.
 */
export async function readFor({ store, routing }: AlertParts, turns: readonly Turn[], into: Standing): Promise<void> {
  const prints = turns.map(({ fingerprint }) => ({ fingerprint }));
  await read(store, "alert", { wanted: prints, shelf: into.alerts, nameOf: byFingerprint });
  for (const { fingerprint, decide } of turns) {
    const step = decide(into.alerts.get(fingerprint));
    if (step === undefined) into.steps.delete(fingerprint);
    else into.steps.set(fingerprint, step);
  }
  const moving = turns.flatMap(({ fingerprint }) => into.steps.get(fingerprint)?.alert ?? []);
  const seats = moving.flatMap((alert) =>
    concerned(routing, alert).map((key) => ({ key, group_id: groupIdOf(key), fingerprint: alert.fingerprint })),
  );
  await Promise.all([
    read(store, "alert_group", { wanted: seats, shelf: into.groups, nameOf: ({ key }) => key }),
    read(store, "alert_member", {
      wanted: seats,
      shelf: into.members,
      nameOf: ({ group_id, fingerprint }) => seatName(group_id, fingerprint),
    }),
    read(store, "alert_occurrence", {
      wanted: occurrencesOf(into, moving),
      shelf: into.occurrences,
      nameOf: ({ alert_id }) => alert_id,
    }),
    read(store, "alert_source", { wanted: moving, shelf: into.sources, nameOf: byFingerprint }),
  ]);
}

async function read<K extends RowKind, W extends KeyOf<K>>(
  store: Store,
  kind: K,
  {
    wanted,
    shelf,
    nameOf,
  }: {
    wanted: readonly W[];
    shelf: Map<string, RowOf<K>>;
    nameOf: (row: W | RowOf<K>) => string;
  },
): Promise<void> {
  const rows = await store.getMany(kind, wanted);
  for (const each of wanted) shelf.delete(nameOf(each));
  for (const row of rows) shelf.set(nameOf(row), row);
}

/** The occurrences that a step may write: the one that the alert is in, and the one that it was in. */
const occurrencesOf = ({ alerts }: Standing, moving: readonly Alert[]) =>
  moving.flatMap(({ fingerprint, alert_id }) => {
    const before = alerts.get(fingerprint);
    return before === undefined || before.alert_id === alert_id ? [{ alert_id }] : [{ alert_id }, before];
  });
