import type { Instant } from "@omoios/kernel/clock";
import type { Alert } from "./alert.ts";
import { isFiring } from "./alert.ts";
import { alertDue, alertDueAt } from "./alert-acts.ts";
import { type Flushed, flush } from "./flush.ts";
import { earliest } from "./gates.ts";
import type { Group, Member } from "./group.ts";
import { printOf, withSeverity } from "./identity.ts";
import { canInhibit, type Source } from "./inhibition.ts";
import { hear, type Step } from "./life.ts";
import type { LogEntry } from "./log.ts";
import type { Notice } from "./notice.ts";
import { concerned, place } from "./placement.ts";
import type { Routing } from "./routing.ts";
import type { AlertSignal } from "./signal.ts";
import type { ReadySilence } from "./silence.ts";

/**
 * All alerts and groups in memory, with what was told and logged: alerting as it runs in virtual time. The steps are those of the plane,
 * which keeps the same states as rows.
 */
export class Board {
  readonly notices: Notice[] = [];
  readonly entries: LogEntry[] = [];
  readonly #routing: Routing;
  readonly #silences: readonly ReadySilence[];
  readonly #alerts = new Map<string, Alert>();
  readonly #groups = new Map<string, Group>();
  readonly #members = new Map<string, Map<string, Member>>();
  readonly #sources = new Map<string, Source>();
  /** What is due, by a group's key or an alert's fingerprint. */
  readonly #due = new Map<string, Instant>();

  constructor(routing: Routing, silences: readonly ReadySilence[]) {
    this.#routing = routing;
    this.#silences = silences;
  }

  /** Takes a source's word. */
  hear(signal: AlertSignal, now: Instant): void {
    this.#take(hear(this.#alerts.get(printOf(signal)), signal), now);
  }

  /** The alerts as they stand. */
  alerts(): Alert[] {
    return [...this.#alerts.values()];
  }

  /** When something happens next by itself. */
  dueAt(): Instant | undefined {
    return earliest([...this.#due.values()]);
  }

  /** Does all that is due. */
  sweep(now: Instant): void {
    for (const [key, at] of [...this.#due]) {
      if (at > now) continue;
      const alert = this.#alerts.get(key);
      if (alert === undefined) this.#flush(key, now);
      else this.#take(alertDue(alert, now), now);
    }
  }

  /** Writes an alert's step, and brings it to its groups. */
  #take(step: Step | undefined, now: Instant): void {
    if (step === undefined) return;
    this.entries.push(...step.entries);
    const seats = new Map(
      concerned(this.#routing, step.alert).map((key) => {
        const member = this.#members.get(key)?.get(step.alert.fingerprint);
        return [key, { group: this.#groups.get(key), member }];
      }),
    );
    const { alert, joined } = place(this.#routing, step.alert, seats, now);
    this.#alerts.set(alert.fingerprint, alert);
    this.#mark(alert.fingerprint, alertDueAt(alert));
    this.#know(alert);
    for (const { group, member, entries } of joined) {
      this.entries.push(...entries);
      this.#groups.set(group.key, group);
      const members = this.#members.get(group.key) ?? new Map<string, Member>();
      this.#members.set(group.key, members.set(member.fingerprint, member));
      this.#mark(group.key, group.due_at);
    }
  }

  /** Does what a person decided. */
  act(step: Step, now: Instant): void {
    this.#take(step, now);
  }

  #flush(key: string, now: Instant): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    const sources = [...this.#sources.values()];
    const world = { routing: this.#routing, silences: this.#silences, sources, external_url: "" };
    const flushed: Flushed = flush(group, [...(this.#members.get(key)?.values() ?? [])], world, now);
    this.#groups.set(key, flushed.group);
    this.#members.set(key, new Map(flushed.members.map((member) => [member.fingerprint, member])));
    this.#mark(key, flushed.group.due_at);
    this.notices.push(...flushed.notices);
    this.entries.push(...flushed.entries);
  }

  #mark(key: string, at: Instant | undefined): void {
    if (at === undefined) this.#due.delete(key);
    else this.#due.set(key, at);
  }

  #know(alert: Alert): void {
    const { fingerprint: print } = alert;
    const labels = withSeverity(alert);
    if (isFiring(alert) && canInhibit(this.#routing.inhibitions, labels))
      this.#sources.set(print, { fingerprint: print, labels });
    else this.#sources.delete(print);
  }
}
