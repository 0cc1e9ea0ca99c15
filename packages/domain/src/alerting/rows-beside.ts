import type { Change } from "../commit.ts";
import { same } from "../config/same.ts";
import { type Alert, hasBegun, isFiring } from "./alert.ts";
import { withSeverity } from "./identity.ts";
import { canInhibit } from "./inhibition.ts";
import type { AlertParts } from "./parts.ts";
import { type AlertRow, alertOf, occurrenceRow } from "./rows.ts";

/** The alert's own id leads to it, once it has begun; what it was before stands under the old one. */
export async function occurrenceChanges(
  { store }: AlertParts,
  before: AlertRow | undefined,
  alert: Alert,
  days: number,
): Promise<Change[]> {
  if (!hasBegun(alert)) return [];
  if (before !== undefined && before.alert_id === alert.alert_id && alert.state !== "resolved") return [];
  const known = await store.get("alert_occurrence", { alert_id: alert.alert_id });
  const row = occurrenceRow(alert, known?.version ?? 0, days);
  const changes: Change[] =
    known !== undefined && known.ttl === row.ttl && known.past === undefined
      ? []
      : [{ kind: "alert_occurrence", ...(known && { before: known }), after: row, renews: true }];
  if (before === undefined || !hasBegun(before) || before.alert_id === alert.alert_id) return changes;
  const old = await store.get("alert_occurrence", { alert_id: before.alert_id });
  const past = { ...occurrenceRow(before, old?.version ?? 0, days), past: alertOf(before) };
  return [...changes, { kind: "alert_occurrence", ...(old && { before: old }), after: past }];
}

/** Whether it can inhibit others is known by a row beside it. */
export async function sourceChanges({ store, routing }: AlertParts, alert: Alert): Promise<Change[]> {
  const { fingerprint } = alert;
  const labels = withSeverity(alert);
  const known = await store.get("alert_source", { fingerprint });
  if (!isFiring(alert) || !canInhibit(routing.inhibitions, labels)) {
    return known === undefined ? [] : [{ kind: "alert_source", before: known }];
  }
  if (known !== undefined && same(known.labels, labels)) return [];
  return [
    {
      kind: "alert_source",
      ...(known && { before: known }),
      after: { fingerprint, labels, version: known?.version ?? 0 },
    },
  ];
}
