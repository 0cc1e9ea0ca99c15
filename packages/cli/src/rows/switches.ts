import type { RouteReply } from "@omoios/contracts/routes";
import { fields } from "../output/fields.ts";
import type { Column } from "../output/table.ts";
import { clockTime } from "../output/times.ts";

type Off = NonNullable<RouteReply<"pauseWatchdog">["paused"]>;

/** Who took something out of force, since when and why. */
export const offText = ({ by, since, reason }: Off): string => `by ${by} since ${clockTime(since)}: ${reason}`;

/** What of a room's policies is out of force, a line each. */
export const switchesText = ({ paused, policies }: RouteReply<"pauseWatchdog">): string =>
  fields([
    ["all policies", paused && offText(paused)],
    ...policies.map(({ policy, ...off }): [string, string] => [policy, offText(off)]),
  ]);

export const switchColumn: Column<{ switched_off: Off | null }> = {
  head: "SWITCHED OFF",
  value: ({ switched_off }) => (switched_off ? offText(switched_off) : ""),
  cut: true,
};
