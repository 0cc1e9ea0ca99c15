import type { Change } from "../commit.ts";
import { same } from "../config/same.ts";
import { type Alert, hasBegun, isFiring } from "./alert.ts";
import { withSeverity } from "./identity.ts";
import { canInhibit } from "./inhibition.ts";
import type { Routing } from "./routing.ts";
import { type AlertRow, alertOf, occurrenceRow } from "./rows.ts";
import type { Standing } from "./standing.ts";

/** The alert's own id leads to it, once it has begun; what it was before stands under the old one. */
export function occurrenceChanges(
  { occurrences }: Pick<Standing, "occurrences">,
  before: AlertRow | undefined,
  alert: Alert,
  days: number,
): Change[] {
  if (!hasBegun(alert)) return [];
  if (before !== undefined && before.alert_id === alert.alert_id && alert.state !== "resolved") return [];
  const known = occurrences.get(alert.alert_id);
  const row = occurrenceRow(alert, known?.version ?? 0, days);
  const changes: Change[] =
    known !== undefined && known.ttl === row.ttl && known.past === undefined
      ? []
      : [{ kind: "alert_occurrence", ...(known && { before: known }), after: row, renews: true }];
  if (before === undefined || !hasBegun(before) || before.alert_id === alert.alert_id) return changes;
  const old = occurrences.get(before.alert_id);
  const past = { ...occurrenceRow(before, old?.version ?? 0, days), past: alertOf(before) };
  return [...changes, { kind: "alert_occurrence", ...(old && { before: old }), after: past }];
}

/** Whether it can inhibit others is known by a row beside it. */
export function sourceChanges({ sources }: Pick<Standing, "sources">, routing: Routing, alert: Alert): Change[] {
  const { fingerprint } = alert;
  const labels = withSeverity(alert);
  const known = sources.get(fingerprint);
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
