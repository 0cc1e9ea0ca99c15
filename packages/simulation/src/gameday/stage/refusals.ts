import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import { routingConfig } from "@omoios/domain/alerting/routing-config";
import type { ConfigIssue } from "@omoios/domain/config/positions";
import type { Entry, GameDayFile } from "../game-day-shape.ts";

/** What a run knows of the stage that it would break. */
export interface StageFacts {
  /** As the stage's configuration has it. */
  routing: RoutingConfig;
  /** Receivers that are the run's own. */
  own_receivers: ReadonlySet<string>;
  /** Whether its bus can be told to bring events twice or late. */
  has_faults: boolean;
}

/** What of a game day cannot be done to a stage that runs, and what to do instead. */
export const refusals =
  (facts: StageFacts) =>
  ({ timeline, routing }: GameDayFile): ConfigIssue[] => [
    ...(isOther(routing, facts.routing) ? [{ path: ["routing"], message: OTHER_ROUTING }] : []),
    ...timeline.flatMap((entry, index) => {
      const message = whyNot(entry, facts);
      return message === undefined ? [] : [{ path: ["timeline", index, "do"], message }];
    }),
  ];

const PREPARE = "`omoi gameday prepare FILE --out DIR`, then `npm start -- --config DIR`";
const OTHER_ROUTING = `is not how the stage tells: start a stage that is configured for this game day (${PREPARE})`;

function whyNot(entry: Entry, { own_receivers, has_faults }: StageFacts): string | undefined {
  switch (entry.do) {
    case "receiver_answers":
      return own_receivers.has(entry.receiver)
        ? undefined
        : `${entry.receiver} is no receiver of this run's, which would have to be a webhook to a free port of this machine: start a stage with such receivers (${PREPARE})`;
    case "double_events":
    case "reorder_events":
      return has_faults
        ? undefined
        : `${entry.do} is done to the bus of a plane on this machine, which is found by its stage.json: run this game day where \`npm start\` runs (OMOI_DATA_DIR, .omoi unless set), or in virtual time (without --url)`;
    case "drop_events":
    case "pause_sweep":
    case "throttle_table":
      return `${entry.do} happens inside a plane, where no client reaches: run this game day in virtual time (without --url)`;
    default:
      return undefined;
  }
}

/** Whether a routing, where there is one, sends other things elsewhere; of what kind its receivers are is all one. */
function isOther(own: unknown, stage: RoutingConfig): boolean {
  if (own === undefined) return false;
  const read = routingConfig.safeParse(own);
  return read.success && shapeOf(read.data) !== shapeOf(stage);
}

const shapeOf = ({ receivers, ...rest }: RoutingConfig): string =>
  JSON.stringify({ receivers: receivers.map(({ name, send_resolved }) => ({ name, send_resolved })), ...rest });
