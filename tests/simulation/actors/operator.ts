import type { RequestContext } from "@omoios/domain/commit";
import type { IdempotentRequest } from "@omoios/domain/idempotency";
import { Problem } from "@omoios/kernel/problem";
import type { Chance } from "../chance.ts";
import type { Rows } from "../checks/rows.ts";
import type { Instance } from "../plane/instances.ts";
import type { PlannedCall, Scenario } from "../scenario.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Faults } from "../wire/faults.ts";
import { type Api, Unanswered, underKey } from "./api.ts";

interface OperatorParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  api: Api;
  scenario: Scenario;
  /** What is there, to choose from. */
  rows(): Rows;
}

/** The person who brings the work, and puts hands on it now and then. */
export interface Operator {
  start(): void;
  /** Whether all of the work was brought. */
  readonly done: boolean;
}

const ACTOR = { kind: "operator", id: "key_operator", authority: "GUARDIAN" } as const;

export function simulatedOperator(parts: OperatorParts): Operator {
  const { time, chance, api, scenario } = parts;
  const tickets = new Map<number, string>();
  const made: string[] = [];
  let done = false;
  let keys = 0;

  /** Asks until there is an answer, always with the same key. */
  const insist = async (
    route: string,
    act: (instance: Instance, ctx: RequestContext) => Promise<string>,
  ): Promise<string> => {
    const request: IdempotentRequest = { id: `operator-${keys++}`, route, body_hash: route };
    for (;;) {
      try {
        return await api.call({
          of: "api-control",
          actor: ACTOR,
          tries: 1,
          act: (instance, ctx) => underKey(instance, ctx, request, (own) => act(instance, own)),
        });
      } catch (error) {
        if (error instanceof Problem && error.code !== "idempotency.in_progress") throw error;
        if (!(error instanceof Problem) && !(error instanceof Unanswered)) throw error;
        await time.sleep(chance.between(500, 6_000));
      }
    }
  };

  const ticketOf = async ({ ticket, gated }: PlannedCall): Promise<string> => {
    const known = tickets.get(ticket);
    if (known !== undefined) return known;
    const given = { title: `Ticket ${ticket}`, workflow: "gated", start: gated };
    const opened = await insist(
      "createTicket",
      async ({ rooms }, ctx) => (await rooms.tickets.open(ctx, given)).ticket_id,
    );
    tickets.set(ticket, opened);
    return opened;
  };

  /** A task to wait for: not seldom one that has failed or was cancelled by now. */
  const anEarlierTask = (): string => {
    const lost = [...parts.rows().tasks.values()].filter(({ status }) => status === "failed" || status === "cancelled");
    return lost.length > 0 && chance.percent(40) ? chance.one(lost).task_id : chance.one(made);
  };

  const bring = async (call: PlannedCall): Promise<void> => {
    const ticket_id = await ticketOf(call);
    const earlier = Array.from({ length: made.length === 0 ? 0 : call.waits_for_earlier }, anEarlierTask);
    const tasks = call.tasks.map((task, index) =>
      index === 0 ? { ...task, depends_on: [...(task.depends_on ?? []), ...earlier] } : task,
    );
    const answer = await insist("createTasks", async ({ rooms }, ctx) =>
      JSON.stringify(await rooms.tickets.addTasks(ctx, ticket_id, tasks)),
    );
    made.push(...(JSON.parse(answer) as { task_id: string }[]).map(({ task_id }) => task_id));
  };

  return {
    get done() {
      return done;
    },
    start() {
      void (async () => {
        for (const call of scenario.calls) {
          await bring(call);
          await time.sleep(chance.between(0, 40_000));
        }
        done = true;
      })();
      void handsOn(parts, insist);
    },
  };
}

type Insist = (route: string, act: (instance: Instance, ctx: RequestContext) => Promise<string>) => Promise<string>;

async function handsOn({ time, chance, faults, rows }: OperatorParts, insist: Insist): Promise<void> {
  for (;;) {
    await time.sleep(chance.between(3_000, 12_000));
    const act = faults.on ? choose(chance, rows()) : answerOf(rows());
    if (act === undefined) continue;
    try {
      await insist(act.route, act.act);
    } catch (error) {
      // The plane may refuse what is out of date by now.
      if (!(error instanceof Problem)) throw error;
    }
  }
}

interface Act {
  route: string;
  act(instance: Instance, ctx: RequestContext): Promise<string>;
}

/** Something to do with the work that is there. */
function choose(chance: Chance, rows: Rows): Act | undefined {
  const tasks = [...rows.tasks.values()].filter(({ status }) => status !== "staged");
  const waiting = answerOf(rows);
  const ended = tasks.filter(({ status }) => status === "failed" || status === "cancelled");
  const open = tasks.filter(({ status }) => status !== "failed" && status !== "cancelled" && status !== "completed");
  const letters = rows.dead_letters.filter(({ status }) => status === "open");
  if (waiting !== undefined && chance.percent(50)) return waiting;
  if (letters.length > 0 && chance.percent(30)) {
    const { dead_letter_id } = chance.one(letters);
    return {
      route: "redrive",
      act: async ({ rooms }, ctx) => (await rooms.operator.redrive(ctx, dead_letter_id)).task_id,
    };
  }
  if (ended.length > 0 && chance.percent(50)) {
    const { task_id } = chance.one(ended);
    return { route: "retry", act: async ({ rooms }, ctx) => (await rooms.operator.retry(ctx, task_id)).task_id };
  }
  if (open.length === 0) return undefined;
  const { task_id } = chance.one(open);
  if (chance.percent(25)) {
    return {
      route: "cancel",
      act: async ({ rooms }, ctx) => (await rooms.operator.cancel(ctx, task_id, "not wanted")).task_id,
    };
  }
  return undefined;
}

/** An answer for a task that waits for one. */
function answerOf(rows: Rows): Act | undefined {
  const waiting = [...rows.tasks.values()].find(
    ({ status, ready_at }) => status === "waiting" && ready_at === undefined,
  );
  if (waiting === undefined) return undefined;
  const { task_id } = waiting;
  return {
    route: "resume",
    act: async ({ rooms }, ctx) => (await rooms.operator.resume(ctx, task_id, "Yes.")).task_id,
  };
}
