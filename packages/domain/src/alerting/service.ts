import type { RouteReply } from "@omoios/contracts/routes";
import type { AlertmanagerBody } from "@omoios/contracts/shapes/alert";
import { expectAccepted, type Outcome } from "@omoios/kernel/outcome";
import { Problem } from "@omoios/kernel/problem";
import type { CommitOptions, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { inTurn } from "../in-turn.ts";
import type { Alert } from "./alert.ts";
import { acknowledge, alertDue, alertDueAt, resolveByHand } from "./alert-acts.ts";
import { fingerprint, identityLabels } from "./identity.ts";
import { hear, type Step } from "./life.ts";
import { lookAtGroup } from "./look.ts";
import type { AlertParts } from "./parts.ts";
import { alertQueries, occurrenceOf } from "./queries.ts";
import { type AlertRow, alertOf } from "./rows.ts";
import type { AlertSignal } from "./signal.ts";
import { silenceVerbs } from "./silences.ts";
import { alertmanagerSignals } from "./sources/alertmanager.ts";
import { takeStep } from "./take-step.ts";
import { alertView } from "./view.ts";

export type Alerting = ReturnType<typeof alertingService>;

/** The verbs of the room: each loads, decides by the steps beside it, and commits; may come twice, late, or beside another. */
export function alertingService(parts: AlertParts) {
  const { store, routing } = parts;

  /** Takes what `decide` makes of an alert's row as it stands. */
  const taking = (
    ctx: RequestContext,
    print: string,
    decide: (row: AlertRow | undefined) => Step | undefined,
    options: CommitOptions = {},
  ): Promise<AlertRow | undefined> =>
    untilSettled(async () => {
      const before = await store.get("alert", { fingerprint: print });
      const step = decide(before);
      return step === undefined ? before : takeStep(parts, ctx, before, step, options);
    });

  const hearOne = (ctx: RequestContext, signal: AlertSignal) =>
    taking(ctx, fingerprint(identityLabels(signal)), (row) => hear(row && alertOf(row), signal));

  /** Throws `alert.not_found`, or `alert.not_firing` where the occurrence is over. */
  const acting = async (
    ctx: RequestContext,
    alert_id: string,
    act: (alert: Alert) => Outcome<Step>,
  ): Promise<RouteReply<"acknowledgeAlert">> => {
    const { fingerprint: print } = await occurrenceOf(parts, alert_id);
    const decide = (before: AlertRow | undefined) => {
      if (before?.alert_id !== alert_id) throw new Problem("alert.not_firing", { detail: "The occurrence is over." });
      return expectAccepted(act(alertOf(before)));
    };
    const row = await taking(ctx, print, decide, { made: alert_id });
    if (row === undefined) throw new Problem("alert.not_found", { detail: `There is no alert ${alert_id}.` });
    return alertView(alertOf(row));
  };

  return {
    ...alertQueries(parts),
    silences: silenceVerbs(parts),

    /** Takes what sources say. Words of one alert are taken in the order given. */
    async hear(ctx: RequestContext, signals: readonly AlertSignal[]): Promise<void> {
      const words = new Map<string, AlertSignal[]>();
      for (const signal of signals) {
        const print = fingerprint(identityLabels(signal));
        words.set(print, [...(words.get(print) ?? []), signal]);
      }
      await inTurn([...words.values()], async (each) => {
        for (const signal of each) await hearOne(ctx, signal);
      });
    },

    /** Takes what an Alertmanager says. */
    async ingest(ctx: RequestContext, body: AlertmanagerBody): Promise<{ heard: number }> {
      const signals = alertmanagerSignals(body, routing.resolve_timeout_ms, ctx.now);
      await this.hear(ctx, signals);
      return { heard: signals.length };
    },

    acknowledge: (ctx: RequestContext, alert_id: string) =>
      acting(ctx, alert_id, (alert) => acknowledge(alert, ctx.actor.id, ctx.now)),

    resolve: (ctx: RequestContext, alert_id: string, note: string) =>
      acting(ctx, alert_id, (alert) => resolveByHand(alert, ctx.actor.id, note, ctx.now)),

    /** An occurrence as it stands. */
    occurrence: async (alert_id: string) => alertView(await occurrenceOf(parts, alert_id)),

    /** An alert is due: an acknowledgement lapses, its source fell silent, it comes back. */
    async alertIsDue(ctx: RequestContext, print: string): Promise<void> {
      await taking(ctx, print, (row) => {
        const due_at = row && alertDueAt(row);
        return row === undefined || due_at === undefined || due_at > ctx.now
          ? undefined
          : alertDue(alertOf(row), ctx.now);
      });
    },

    /** A group is due: its receivers are told what they are to know. */
    async groupIsDue(ctx: RequestContext, group_id: string): Promise<void> {
      for (const print of await lookAtGroup(parts, ctx, group_id)) {
        await taking(ctx, print, (row) => row && { alert: alertOf(row), entries: [] });
      }
    },
  };
}
