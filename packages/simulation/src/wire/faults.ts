import type { Chance } from "../chance.ts";

const FAULTS = ["crash_before", "crash_after", "answer_lost", "throttled", "conflict", "half_done"] as const;
export type Fault = (typeof FAULTS)[number];

/** What goes wrong. Before the faults begin and after they end everything works. */
export interface Faults {
  readonly on: boolean;
  begin(): void;
  end(): void;
  /** What happens to a request, if anything, of the faults that can. */
  ofRequest(possible: readonly Fault[], operation: string): Fault | undefined;
  /**
   * What happens to a message, if anything. Reordering is the rule: every message takes its own time.
   * @param queue where it is on its way to a queue, and not to an agent or over the network
   */
  ofMessage(queue?: string): "lost" | "doubled" | "late" | undefined;
}

/** So many of a hundred requests have a fault, and so many messages each of the three that one can have. */
const PERCENT = 5;

export function faultsBy(chance: Chance): Faults {
  let on = false;
  return {
    get on() {
      return on;
    },
    begin() {
      on = true;
    },
    end() {
      on = false;
    },
    ofRequest: (possible) => (on && chance.percent(PERCENT) ? chance.one(possible) : undefined),
    ofMessage: () => (on && chance.percent(3 * PERCENT) ? chance.one(["lost", "doubled", "late"]) : undefined),
  };
}

const WRITES = new Set(["PutItem", "UpdateItem", "DeleteItem"]);

/** The faults that an operation can meet. */
export function possibleFaults(operation: string): readonly Fault[] {
  const always: Fault[] = ["crash_before", "crash_after", "answer_lost", "throttled"];
  if (operation === "TransactWriteItems" || WRITES.has(operation)) return [...always, "conflict"];
  if (operation === "BatchWriteItem" || operation === "PutEvents") return [...always, "half_done"];
  return always;
}
