import { durationMs } from "@omoios/contracts/shapes/duration";
import type { RequestContext } from "@omoios/domain/commit";
import { OPERATOR } from "../plane/api.ts";
import type { Instance } from "../plane/instances.ts";
import type { Receivers } from "../wire/receivers.ts";
import type { World } from "../world.ts";
import type { Backlog } from "./actors/backlog.ts";
import type { Crew } from "./actors/crew.ts";
import type { Breakage } from "./breakage.ts";
import { STORM } from "./check-game-day.ts";
import type { Entry } from "./game-day-shape.ts";

/** Whom and what the acts of a game day reach. */
export interface Stage {
  world: World;
  crew: Crew;
  backlog: Backlog;
  breakage: Breakage;
  receivers: Receivers;
}

/** Does one entry of the timeline, now. */
export async function perform(entry: Entry, stage: Stage): Promise<void> {
  const { world, crew, backlog, breakage, receivers } = stage;
  const { time } = world;
  switch (entry.do) {
    case "start_agents":
      return crew.start(entry.count);
    case "stop_agents":
      return crew.stop();
    case "kill_agent":
      return crew.kill(entry.which);
    case "mute_agent":
      return crew.mute(
        entry.which,
        entry.for === undefined ? Number.POSITIVE_INFINITY : time.now() + durationMs(entry.for),
      );
    case "flood_queue":
      return backlog.flood(entry.tasks);
    case "receiver_answers":
      return receivers.answer(entry.receiver, entry.status, durationMs(entry.for));
    case "drop_heartbeats":
    case "double_events":
    case "drop_events":
    case "reorder_events":
    case "throttle_table":
      return breakage.break(entry.do, entry.share, durationMs(entry.for));
    case "pause_sweep":
      return breakage.break(entry.do, 1, durationMs(entry.for));
    case "alert_storm":
      return storm(entry, stage);
    case "acknowledge":
      return acknowledge(entry.alert, stage);
  }
}

/** The most alerts of one webhook. */
const TOLD_AT_ONCE = 50;
const SAID_AGAIN_MS = 10_000;

async function storm({ alerts, times, for: span }: Extract<Entry, { do: "alert_storm" }>, stage: Stage): Promise<void> {
  const { time } = stage.world;
  const say = async (status: "firing" | "resolved"): Promise<void> => {
    for (let from = 0; from < alerts; from += TOLD_AT_ONCE) {
      const count = Math.min(TOLD_AT_ONCE, alerts - from);
      await asOperator(stage, ({ watch }, ctx) => watch.alerting.ingest(ctx, bodyOf(status, from, count)));
    }
  };
  const ends_at = time.now() + durationMs(span);
  for (let said = 0; said < times; said++) {
    await say("firing");
    await time.sleep(SAID_AGAIN_MS);
  }
  await time.sleep(ends_at - time.now());
  await say("resolved");
}

const bodyOf = (status: "firing" | "resolved", from: number, count: number) => ({
  version: "4" as const,
  status,
  alerts: Array.from({ length: count }, (_, index) => ({
    status,
    labels: { alertname: STORM, severity: "error", instance: `host-${from + index}` },
    annotations: { summary: "A storm" },
  })),
});

/** The oldest one of that name that fires. */
async function acknowledge(alertname: string, stage: Stage): Promise<void> {
  await asOperator(stage, async ({ watch }, ctx) => {
    const { items } = await watch.alerting.list({ state: ["firing"], alertname, limit: 100 });
    const alert = items.at(-1);
    if (alert === undefined) throw new Error(`Nothing is to be acknowledged: ${alertname} does not fire`);
    return watch.alerting.acknowledge(ctx, alert.alert_id);
  });
}

const asOperator = <T>({ world }: Stage, act: (instance: Instance, ctx: RequestContext) => Promise<T>): Promise<T> =>
  world.api.call({ of: "api-control", actor: OPERATOR, tries: 5, act });
