import type { ArtifactInput } from "@omoios/contracts/shapes/artifact";
import type { ClaimedTask } from "@omoios/contracts/views/task";
import { completionWord } from "@omoios/domain/tasks/late-word";
import type { AgentId, TaskId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { Unanswered } from "@omoios/simulation/plane/api";
import type { AgentParts } from "./agent.ts";
import { type Behaviour, behaviourBy } from "./behaviour.ts";
import type { Life } from "./life.ts";

/** A word that was answered well: the plane must have counted it under just this fence. */
export interface Said {
  agent_id: AgentId;
  task_id: TaskId;
  fence: number;
  outcome: "completed" | "failed" | "released";
}

interface Working extends AgentParts {
  life: Life;
  task: ClaimedTask;
  /** The agent no longer names the task in its beats. */
  letGo(): void;
}

/** Works on a task as its behaviour says. Whatever the plane refuses, the agent leaves it there. */
export async function workOn(working: Working): Promise<void> {
  try {
    await behave(working, behaviourBy(working.chance, working.faults));
  } catch (error) {
    if (!(error instanceof Unanswered) && !(error instanceof Problem)) throw error;
  }
}

async function behave(working: Working, behaviour: Behaviour): Promise<void> {
  const { time, chance } = working;
  const say = wordsOf(working);
  switch (behaviour) {
    case "just_work":
      await time.sleep(chance.between(500, 4_000));
      return say.complete();
    case "work":
      await time.sleep(chance.between(1_000, 6_000));
      await say.progress(50);
      await time.sleep(chance.between(1_000, 6_000));
      return say.complete();
    case "work_silently":
      await time.sleep(chance.between(40_000, 80_000));
      return say.complete();
    case "hand_in_twice":
      await time.sleep(chance.between(1_000, 10_000));
      await say.complete();
      await time.sleep(chance.between(0, 20_000));
      return say.complete();
    case "stall":
      // No beat names it for longer than its lease, and then it comes back as if nothing had happened.
      working.letGo();
      await time.sleep(chance.between(30_000, 120_000));
      await say.progress(90);
      return say.complete();
    case "fail":
      await time.sleep(chance.between(0, 5_000));
      return say.fail(`exit status ${chance.between(1, 9)} in ${chance.one(["build", "lint", "test"])}`, true);
    case "fail_for_good":
      await time.sleep(chance.between(0, 5_000));
      return say.fail("permission denied", undefined);
    case "fail_by_result":
      await time.sleep(chance.between(500, 8_000));
      return say.complete(false);
    case "release":
      await time.sleep(chance.between(0, 300));
      return say.release();
    case "wait":
      return say.wait(undefined);
    case "wait_until":
      return say.wait(time.now() + chance.between(-10_000, 40_000));
    case "forget":
      return;
  }
}

function wordsOf({ life: { agent_id, call }, task, said, time, planned: { clock_off_ms } }: Working) {
  const task_id = task.task_id as TaskId;
  const { fence } = task;
  const heard = (outcome: Said["outcome"]) => said.push({ agent_id, task_id, fence, outcome });
  const output = { believed_at: time.now() + clock_off_ms };
  return {
    async progress(percent: number) {
      await call(({ rooms }, ctx, row) => rooms.holder.progress(ctx, row, task_id, { fence, percent }), 2);
    },
    async complete(success = true) {
      const artifacts = success ? reportOf(task) : [];
      const handoff = { done: [task.title] };
      const given = { success, output, artifacts, handoff };
      const word = completionWord(given);
      const late = { task_id, fence, word };
      await call(({ rooms }, ctx, row) => rooms.holder.complete(ctx, row, task_id, fence, given), 4, late);
      heard(success ? "completed" : "failed");
    },
    async fail(message: string, retryable: boolean | undefined) {
      const given = { error: { message, retryable } };
      const late = { task_id, fence, word: { outcome: "failed" as const, ...given } };
      await call(({ rooms }, ctx, row) => rooms.holder.fail(ctx, row, task_id, fence, given), 3, late);
      heard("failed");
    },
    async release() {
      const given = { fence, reason: "not mine" };
      const late = { task_id, fence, word: { outcome: "released" as const, reason: given.reason } };
      await call(({ rooms }, ctx, row) => rooms.holder.release(ctx, row, task_id, given), 3, late);
      heard("released");
    },
    async wait(until: number | undefined) {
      const given = { fence, question: "May I?", until };
      await call(({ rooms }, ctx, row) => rooms.holder.wait(ctx, row, task_id, given), 3);
      heard("released");
    },
  };
}

/** Evidence for the gate of a phase that asks for it. */
function reportOf(task: ClaimedTask): ArtifactInput[] {
  if (task.phase_id === "PHASE_BACKLOG") return [];
  return [{ type: "report", path: `${task.task_type}.md`, content: task.title, metadata: { ok: true } }];
}
