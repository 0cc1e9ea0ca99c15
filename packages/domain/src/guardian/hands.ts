import type { Priority } from "@omoios/contracts/shapes/common";
import type { InterventionState } from "@omoios/contracts/shapes/guardian";
import type { Instant } from "@omoios/kernel/clock";
import type { Outcome } from "@omoios/kernel/outcome";
import type { PauseRow } from "../access/model.ts";
import type { AgentRow } from "../agents/model.ts";
import type { Pair } from "../agents/move-capacity.ts";
import type { AgentStanding } from "../agents/quarantine.ts";
import type { Beside, RequestContext } from "../commit.ts";
import type { Store } from "../store.ts";
import type { TaskRow } from "../tasks/model.ts";
import type { InterventionRow, Order } from "./model.ts";

/** What interventions are made with: verbs of the rooms below, each of which writes what goes beside it in its own transaction. */
export interface Hands {
  cancelTask(ctx: RequestContext, task_id: string, reason: string, beside: Beside<TaskRow>): Promise<unknown>;
  uncancelTask(ctx: RequestContext, task_id: string, beside: Beside<TaskRow>): Promise<unknown>;
  setPriority(ctx: RequestContext, task_id: string, priority: Priority, beside: Beside<TaskRow>): Promise<unknown>;
  quarantine(ctx: RequestContext, agent_id: string, reason: string, beside: Beside<AgentRow>): Promise<unknown>;
  release(ctx: RequestContext, agent_id: string, note: string, beside: Beside<AgentRow>): Promise<unknown>;
  leaveQuarantine(ctx: RequestContext, agent_id: string, to: AgentStanding, beside: Beside<AgentRow>): Promise<unknown>;
  changeCapacities(
    ctx: RequestContext,
    of: { giver_id: string; taker_id: string },
    decide: (pair: Pair) => Outcome<Pair>,
    beside: Beside<Pair>,
  ): Promise<unknown>;
  pauseLane(
    ctx: RequestContext,
    lane: string,
    since: Instant | undefined,
    beside: Beside<PauseRow | undefined>,
  ): Promise<unknown>;
}

export interface KindParts {
  store: Store;
  hands: Hands;
}

/** One kind of action. All that it says of a thing is what the action changes of it. */
export interface Kind {
  act(parts: KindParts, ctx: RequestContext, order: Order, beside: Beside<InterventionState>): Promise<unknown>;
  /** Makes the thing again what it was before. @param by_time nobody has looked at it: its time is over */
  undo(
    parts: KindParts,
    ctx: RequestContext,
    row: InterventionRow,
    by_time: boolean,
    beside: Beside<InterventionState>,
  ): Promise<unknown>;
  /** The thing as it is now; `undefined` where it is gone. */
  look(parts: KindParts, row: InterventionRow): Promise<InterventionState | undefined>;
}

/** The same beside a room's row, of which only the state matters. */
export function seenAs<T>(stateOf: (row: T) => InterventionState, beside: Beside<InterventionState>): Beside<T> {
  return (before, after) => beside(stateOf(before), stateOf(after));
}
