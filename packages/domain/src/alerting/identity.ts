import type { Labels } from "@omoios/contracts/shapes/alert";
import { shortDigest } from "../digest.ts";
import { authorityBehind } from "./bringer.ts";
import type { AlertSignal } from "./signal.ts";

/** The labels that an alert is known by: the source's, and `alertname`. Severity is not among them. */
export function identityLabels({ alertname, labels }: Pick<AlertSignal, "alertname" | "labels">): Labels {
  const { severity: _, ...rest } = labels;
  return sorted({ ...rest, alertname });
}

/** The identity as a short text: the same for the same labels in any order. A label that is empty is as good as none. */
export function fingerprint(labels: Labels): string {
  return shortDigest(...Object.entries(sorted(labels)).flatMap(([name, value]) => (value === "" ? [] : [name, value])));
}

/**
 * The fingerprint of the alert that a source speaks of. What somebody with less authority than the plane says is an alert of its own under
 * the same labels: it neither begins, ends nor hides the plane's.
 */
export function printOf(said: Pick<AlertSignal, "alertname" | "labels" | "brought_by">): string {
  const print = fingerprint(identityLabels(said));
  const authority = authorityBehind(said.brought_by);
  return authority === "SYSTEM" ? print : shortDigest(authority, print);
}

/** What matchers see, and what receivers are shown: the identity and the severity. */
export const withSeverity = ({ labels, severity }: { labels: Labels; severity: string }): Labels => ({
  ...labels,
  severity,
});

/** By name, so that nothing depends on who wrote them in which order. */
export function sorted(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
