import { durationMs } from "@omoios/contracts/shapes/duration";
import { STORM } from "./check-game-day.ts";
import type { Entry } from "./game-day-shape.ts";
import type { Ground } from "./ground.ts";

/** Does one entry of the timeline, now. */
export async function perform(entry: Entry, ground: Ground): Promise<unknown> {
  const { time, crew, backlog } = ground;
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
      return ground.answer(entry.receiver, entry.status, durationMs(entry.for));
    case "drop_heartbeats":
    case "double_events":
    case "drop_events":
    case "reorder_events":
    case "throttle_table":
      return ground.break(entry.do, entry.share, durationMs(entry.for));
    case "pause_sweep":
      return ground.break(entry.do, 1, durationMs(entry.for));
    case "alert_storm":
      return storm(entry, ground);
    case "acknowledge":
      return ground.acknowledge(entry.alert);
  }
}

/** The most alerts of one webhook. */
const TOLD_AT_ONCE = 50;
const SAID_AGAIN_MS = 10_000;

async function storm({ alerts, times, for: span }: Extract<Entry, { do: "alert_storm" }>, ground: Ground) {
  const { time } = ground;
  const say = async (status: "firing" | "resolved"): Promise<void> => {
    for (let from = 0; from < alerts; from += TOLD_AT_ONCE) {
      await ground.ingest(bodyOf(status, from, Math.min(TOLD_AT_ONCE, alerts - from)));
    }
  };
  const ends_at = time.now() + durationMs(span);
  try {
    for (let said = 0; said < times; said++) {
      await say("firing");
      await time.sleep(SAID_AGAIN_MS);
    }
    await time.sleep(ends_at - time.now());
  } finally {
    // Also where the run is broken off: what it said must not go on.
    await say("resolved");
  }
}

const bodyOf = (status: "firing" | "resolved", from: number, count: number) => ({
  version: "4" as const,
  alerts: Array.from({ length: count }, (_, index) => ({
    status,
    labels: { alertname: STORM, severity: "error", instance: `host-${from + index}` },
    annotations: { summary: "A storm" },
  })),
});
