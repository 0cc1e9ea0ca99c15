import type { ClaimedTask } from "@omoios/contracts/views/task";
import { toRfc3339 } from "@omoios/kernel/clock";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import type { Chance } from "@omoios/simulation/chance";
import type { Api } from "@omoios/simulation/plane/api";
import type { Fleet } from "@omoios/simulation/plane/fleet";
import type { VirtualTime } from "@omoios/simulation/virtual-time";
import type { AgentWays } from "@omoios/simulation/wire/agent-ways";
import type { Changes } from "@omoios/simulation/wire/changes";
import type { Faults } from "@omoios/simulation/wire/faults";
import type { PlannedAgent } from "../scenario.ts";
import { answerAssignment } from "./assignments.ts";
import { heartbeatOf } from "./heartbeat.ts";
import { type LateWord, type Life, lifeOf, unanswered } from "./life.ts";
import { registerAgain } from "./register.ts";
import { holdSocket } from "./wake-socket.ts";
import { type Said, workOn } from "./work-on.ts";

export interface AgentParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  api: Api;
  fleet: Fleet;
  ways: AgentWays;
  planned: PlannedAgent;
  /** What it was told to have done. */
  said: Said[];
  /** What it said after it had ended. */
  late: LateWord[];
  /** What was committed: a run is short when agents do not ask in vain all the time. */
  changes: Changes;
}

/** How often an agent beats; the limit is a little longer. */
const BEAT_MS = 14_000;
/** How often one asks that is told of work. */
const POLL_MS = 15_000;

/** An agent asks for work, works and beats; where the plane has ended it, it registers again in its own place. It never ends by itself. */
export async function liveAsAgent(parts: AgentParts, first: AgentId): Promise<void> {
  for (let agent_id = first; ; ) {
    const life = lifeOf(parts, agent_id);
    begin(parts, life);
    await life.over;
    agent_id = await registerAgain(parts, agent_id);
  }
}

function begin(parts: AgentParts, life: Life): void {
  const { faults, ways, planned } = parts;
  const asking: Asking = { at: 0 };
  const take = (task: ClaimedTask): void => {
    const task_id = task.task_id as TaskId;
    const letGo = () => {
      if (life.held.get(task_id) === task.fence) life.held.delete(task_id);
      asking.at = 0;
    };
    life.held.set(task_id, task.fence);
    void workOn({ ...parts, life, task, letGo }).finally(letGo);
  };
  void beatOn(parts, life);
  if (planned.told === "webhook")
    ways.listen(planned.url, (assignment) => void answerAssignment(parts, life, assignment, take));
  else void askForWork(parts, life, asking, take);
  if (planned.told === "socket")
    void holdSocket(parts, life, () => {
      if (!faults.on || !parts.chance.percent(10)) asking.at = 0;
    });
}

/** When one that is told of work asks next. */
interface Asking {
  at: number;
}

async function askForWork(
  parts: AgentParts,
  life: Life,
  asking: Asking,
  take: (task: ClaimedTask) => void,
): Promise<void> {
  const { time, chance, faults, planned } = parts;
  const asks = (): boolean => {
    const room = life.held.size < planned.capacity;
    if (planned.told === "socket") return room && asking.at <= time.now();
    // With its hands full, or where nothing is ready, it asks now and then all the same.
    return (room && isAnyReady(parts.changes)) || chance.percent(6);
  };
  for (let number = 0; !life.ended; number++) {
    while (!asks() && !life.ended) await time.sleep(1_500);
    if (life.ended) return;
    asking.at = time.now() + POLL_MS;
    const request = { max: chance.between(1, 2), wait_ms: 0, key: `${life.agent_id}-claim-${number}` };
    const { tasks, retry_after_ms } = await life
      .call((instance, ctx, row) => instance.rooms.claim(ctx, row, request), 3)
      .catch(unanswered({ tasks: [], retry_after_ms: 2_000 }));
    for (const task of tasks) take(task);
    const pause = faults.on && chance.percent(5) ? chance.between(10_000, 60_000) : 0;
    // While things go wrong it asks sooner than it was told to.
    await time.sleep(Math.max(faults.on ? Math.min(retry_after_ms, 3_000) : retry_after_ms, 500) + pause);
  }
}

/** Beats, now and then after a long silence: some of these are announced, in some it does nothing else either. */
async function beatOn({ time, chance, faults, planned }: AgentParts, life: Life): Promise<void> {
  while (!life.ended) {
    const silence = faults.on && chance.percent(life.held.size > 0 ? 40 : 20) ? chance.between(20_000, 110_000) : 0;
    const rest = BEAT_MS + chance.between(0, 1_500) + silence;
    const next_by = silence > 0 && chance.percent(30) ? toRfc3339(time.now() + rest) : undefined;
    const body = heartbeatOf(++life.beats, [...life.held.keys()], time.now() + planned.clock_off_ms, next_by);
    const { stop_tasks } = await life
      .call((instance, ctx, row) => instance.rooms.agents.heartbeat(ctx, row, body), 1)
      .catch(unanswered({ stop_tasks: [] }));
    for (const task_id of stop_tasks) life.held.delete(task_id as TaskId);
    if (silence > 0 && chance.percent(70)) life.stall(silence);
    await time.sleep(rest);
  }
}

function isAnyReady({ current }: Changes): boolean {
  for (const { ready_lane } of current.values()) if (ready_lane !== undefined) return true;
  return false;
}
