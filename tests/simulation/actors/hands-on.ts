import type { RequestContext } from "@omoios/domain/commit";
import type { TaskRow } from "@omoios/domain/tasks/model";
import { Problem } from "@omoios/kernel/problem";
import type { Chance } from "@omoios/simulation/chance";
import type { Instance } from "@omoios/simulation/plane/instances";
import type { VirtualTime } from "@omoios/simulation/virtual-time";
import type { Faults } from "@omoios/simulation/wire/faults";
import type { Rows } from "../checks/rows.ts";

/** Asks for a change until there is an answer. */
export type Insist = (route: string, act: ChangeOf) => Promise<string>;
type ChangeOf = (instance: Instance, ctx: RequestContext) => Promise<string>;

interface Act {
  route: string;
  act: ChangeOf;
}

interface HandsOn {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  rows(): Rows;
}

/** The operator cancels, retries and answers, as long as things go wrong; after that it only answers. */
export async function handsOn({ time, chance, faults, rows }: HandsOn, insist: Insist): Promise<void> {
  for (;;) {
    await time.sleep(chance.between(3_000, 12_000));
    const act = faults.on ? choose(chance, rows()) : answer(rows());
    if (act === undefined) continue;
    try {
      await insist(act.route, act.act);
    } catch (error) {
      // The plane may refuse what is out of date by now.
      if (!(error instanceof Problem)) throw error;
    }
  }
}

function choose(chance: Chance, rows: Rows): Act | undefined {
  const kinds = [answer, redrive, retry, retry, cancel, cancel, () => undefined];
  return chance.one(kinds)(rows, chance);
}

const withStatus = (rows: Rows, ...statuses: TaskRow["status"][]): TaskRow[] =>
  [...rows.tasks.values()].filter(({ status }) => statuses.includes(status));

/** An answer for a task that waits for one. */
function answer(rows: Rows): Act | undefined {
  const waiting = withStatus(rows, "waiting").find(({ ready_at }) => ready_at === undefined);
  if (waiting === undefined) return undefined;
  const { task_id } = waiting;
  return {
    route: "resume",
    act: async ({ rooms }, ctx) => (await rooms.operator.resume(ctx, task_id, "Yes.")).task_id,
  };
}

function redrive(rows: Rows, chance: Chance): Act | undefined {
  const letters = rows.dead_letters.filter(({ status }) => status === "open");
  if (letters.length === 0) return undefined;
  const { dead_letter_id } = chance.one(letters);
  return {
    route: "redrive",
    act: async ({ rooms }, ctx) => (await rooms.operator.redrive(ctx, dead_letter_id)).dead_letter_id,
  };
}

function retry(rows: Rows, chance: Chance): Act | undefined {
  const ended = withStatus(rows, "failed", "cancelled");
  if (ended.length === 0) return undefined;
  const { task_id } = chance.one(ended);
  return {
    route: "retry",
    act: async ({ rooms }, ctx) => (await rooms.operator.retry(ctx, task_id, "by hand")).task_id,
  };
}

/** What waits for something that was lost is a likely one to be given up, and then asked for again. */
function cancel(rows: Rows, chance: Chance): Act | undefined {
  const open = withStatus(rows, "pending", "ready", "running", "waiting");
  const lost = new Set<string>(withStatus(rows, "failed", "cancelled").map(({ task_id }) => task_id));
  const behind = open.filter(({ task_id }) => rows.bodies.get(task_id)?.depends_on.some((id) => lost.has(id)));
  const candidates = behind.length > 0 ? behind : open;
  if (candidates.length === 0 || !chance.percent(behind.length > 0 ? 60 : 30)) return undefined;
  const { task_id } = chance.one(candidates);
  return {
    route: "cancel",
    act: async ({ rooms }, ctx) => (await rooms.operator.cancel(ctx, task_id, "not wanted")).task_id,
  };
}
