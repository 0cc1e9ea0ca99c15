import type { RouteReply } from "@omoios/contracts/routes";
import type { AlertmanagerBody } from "@omoios/contracts/shapes/alert";
import { expectAccepted, type Outcome } from "@omoios/kernel/outcome";
import { Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import type { Alert } from "./alert.ts";
import { acknowledge, alertDue, alertDueAt, resolveByHand } from "./alert-acts.ts";
import { bringerOf } from "./bringer.ts";
import { printOf } from "./identity.ts";
import { hearFirst, type Step } from "./life.ts";
import { lookAtGroup } from "./look.ts";
import type { AlertParts } from "./parts.ts";
import { alertQueries, occurrenceOf } from "./queries.ts";
import { type AlertRow, alertOf } from "./rows.ts";
import type { AlertSignal } from "./signal.ts";
import { silenceVerbs } from "./silences.ts";
import { alertmanagerSignals } from "./sources/alertmanager.ts";
import type { Turn } from "./standing.ts";
import { asItStands, takeSteps } from "./take-steps.ts";
import { alertView } from "./view.ts";

export type Alerting = ReturnType<typeof alertingService>;

/** The verbs of the room: each loads, decides by the steps beside it, and commits; may come twice, late, or beside another. */
export function alertingService(parts: AlertParts) {
  const { routing } = parts;

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
    const row = (await takeSteps(parts, ctx, [{ fingerprint: print, decide }], { made: alert_id })).get(print);
    if (row === undefined) throw new Problem("alert.not_found", { detail: `There is no alert ${alert_id}.` });
    return alertView(alertOf(row));
  };

  return {
    ...alertQueries(parts),
    silences: silenceVerbs(parts),

    /** Takes what sources say. Words of one alert are taken in the order given. */
    async hear(ctx: RequestContext, signals: readonly AlertSignal[]): Promise<void> {
      let waiting = byAlert(signals);
      while (waiting.size > 0) {
        const left = new Map<string, readonly AlertSignal[]>();
        const turns = [...waiting].map(
          ([print, words]): Turn => ({
            fingerprint: print,
            decide(row) {
              const heard = hearFirst(row && alertOf(row), words);
              left.set(print, heard.left);
              return heard.step;
            },
          }),
        );
        await takeSteps(parts, ctx, turns);
        waiting = new Map([...left].filter(([, words]) => words.length > 0));
      }
    },

    /** Takes what an Alertmanager says. Throws `plane.unavailable` where some of it could not be kept. */
    async ingest(ctx: RequestContext, body: AlertmanagerBody): Promise<{ heard: number }> {
      const brought_by = bringerOf(ctx.actor);
      const signals = alertmanagerSignals(body, routing.resolve_timeout_ms, ctx.now).map((said) => ({
        ...said,
        brought_by,
      }));
      await this.hear(ctx, signals).catch((error: unknown) => {
        // An Alertmanager sends again what is answered with 5xx, and nothing else.
        throw isBusy(error) ? notAllKept(signals.length, error) : error;
      });
      return { heard: signals.length };
    },

    acknowledge: (ctx: RequestContext, alert_id: string, note = "") =>
      acting(ctx, alert_id, (alert) => acknowledge(alert, ctx.actor.id, ctx.now, note)),

    resolve: (ctx: RequestContext, alert_id: string, note: string) =>
      acting(ctx, alert_id, (alert) => resolveByHand(alert, ctx.actor.id, note, ctx.now)),

    /** An occurrence as it stands. */
    occurrence: async (alert_id: string) => alertView(await occurrenceOf(parts, alert_id)),

    /** An alert is due: an acknowledgement lapses, its source fell silent, it comes back. */
    async alertIsDue(ctx: RequestContext, print: string): Promise<void> {
      const decide = (row: AlertRow | undefined) => {
        const due_at = row && alertDueAt(row);
        return row === undefined || due_at === undefined || due_at > ctx.now
          ? undefined
          : alertDue(alertOf(row), ctx.now);
      };
      await takeSteps(parts, ctx, [{ fingerprint: print, decide }]);
    },

    /** A group is due: its receivers are told what they are to know. */
    async groupIsDue(ctx: RequestContext, group_id: string): Promise<void> {
      const homeless = new Set(await lookAtGroup(parts, ctx, group_id));
      await takeSteps(parts, ctx, [...homeless].map(asItStands));
    },
  };
}

/** What is said of each alert, by its fingerprint, in the order given. */
function byAlert(signals: readonly AlertSignal[]): Map<string, readonly AlertSignal[]> {
  const words = new Map<string, AlertSignal[]>();
  for (const signal of signals) {
    const print = printOf(signal);
    words.set(print, [...(words.get(print) ?? []), signal]);
  }
  return words;
}

const isBusy = (error: unknown): error is Problem => error instanceof Problem && error.code === "conflict.busy";

const notAllKept = (alerts: number, cause: Problem) =>
  new Problem("plane.unavailable", {
    detail: `Some of the ${alerts} alerts are not kept, as others change the same ones. Send all again: what is kept is not told twice.`,
    extra: cause.extra,
    cause,
  });
