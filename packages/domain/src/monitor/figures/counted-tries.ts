import type { AlertLog } from "../../alerting/parts.ts";
import { markOf, type Tallies } from "./tally.ts";

/** The log of alerting, whose last tries count as notifications by what came of them, each once; what was not sent is none. */
export function countedTries(log: AlertLog, tallies: Tallies): AlertLog {
  return {
    ...log,
    async writeTry(made, ttl) {
      await log.writeTry(made, ttl);
      const { notification_id, receiver, attempt, outcome } = made;
      if (outcome === "retried" || outcome === "superseded") return;
      const mark = markOf(`${notification_id}#${receiver}#${attempt}`);
      const move = { scope: "notifications", figure: `${receiver}#${outcome}`, by: 1, at: 0 };
      await tallies.add({ first: mark, last: mark, records: 1, moves: [move] });
    },
  };
}
