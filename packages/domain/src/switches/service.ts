import type { Limits } from "@omoios/contracts/limits";
import type { RouteReply } from "@omoios/contracts/routes";
import { type Clock, toRfc3339 } from "@omoios/kernel/clock";
import { Problem } from "@omoios/kernel/problem";
import type { NoteRead } from "../cache-counts.ts";
import { cachedRead } from "../cached-read.ts";
import type { Commit, RequestContext } from "../commit.ts";
import { didYouMean } from "../config/suggest.ts";
import { untilSettled } from "../decide.ts";
import type { Store } from "../store.ts";
import type { Off, SwitchedRoom, SwitchesRow } from "./model.ts";
import { offOf, type Switch, switched } from "./switch.ts";

interface SwitchParts {
  store: Store;
  commit: Commit;
  clock: Clock;
  note_read?: NoteRead;
  limits: Pick<Limits, "pause_cache_ms">;
}

export type Switches = ReturnType<typeof switchService>;

/** What people take out of force without a deployment. One for each process, since it keeps what it read for a moment. */
export function switchService({ store, commit, clock, limits, note_read }: SwitchParts) {
  const read = (room: SwitchedRoom) => store.get("switches", { room });
  const kept = (room: SwitchedRoom) => cachedRead(() => read(room), clock, limits.pause_cache_ms, note_read);
  const known = { watchdog: kept("watchdog"), guardian: kept("guardian") };
  return {
    /** Who took the policy out of force; up to `pause_cache_ms` old. */
    offOf: async (room: SwitchedRoom, policy: string): Promise<Off | undefined> => offOf(await known[room](), policy),

    /** All that is out of force in a room. */
    read,

    /** @param policies the room's, as they are written. Throws `policy.not_found` or `policy.disabled_in_file`. */
    async switch(ctx: RequestContext, wanted: Switch, policies: readonly Written[]): Promise<void> {
      const { room, policy } = wanted;
      if (policy !== undefined && !expectPolicy(policies, policy).enabled && wanted.on)
        throw new Problem("policy.disabled_in_file");
      await untilSettled(async () => commit(ctx, [switched(await read(room), wanted, ctx)], { made: policy ?? room }));
      known[room].forget();
    },
  };
}

/** A policy of a room's files. */
export interface Written {
  name: string;
  enabled: boolean;
}

/** Throws `policy.not_found`. */
export function expectPolicy<P extends { name: string }>(policies: readonly P[], name: string): P {
  const policy = policies.find((each) => each.name === name);
  if (policy !== undefined) return policy;
  const names = policies.map((each) => each.name);
  const detail = `There is no policy ${name}: ${names.join(", ")}.${didYouMean(name, names)}`;
  throw new Problem("policy.not_found", { detail });
}

export const offView = ({ by, since, reason }: Off) => ({ by, since: toRfc3339(since), reason });

/** All that is out of force in a room, as the API shows it. */
export function switchesView(row: SwitchesRow | undefined): RouteReply<"pauseWatchdog"> {
  return {
    paused: row?.paused === undefined ? null : offView(row.paused),
    policies: Object.entries(row?.policies ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([policy, off]) => ({ policy, ...offView(off) })),
  };
}
