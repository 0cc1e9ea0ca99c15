import { newId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { systemRandom } from "@omoios/kernel/random";
import { AgentRows, bearerOf } from "./agent-rows.ts";
import { type Answer, type Call, type RouteServer, startRouteServer } from "./route-server.ts";
import { agentReply, claimedTask, taskReply } from "./small-plane-replies.ts";

export const API_KEY = "omoi_sk_small_plane";

export interface TaskRow {
  task_id: string;
  title: string;
  status: "ready" | "running" | "completed" | "failed" | "released" | "timed_out";
  fence: number;
  agent_id: string | undefined;
  timeout_seconds: number;
  progress: Record<string, unknown>[];
  /** Body of the last word about it: complete, fail or release. */
  word: Record<string, unknown> | undefined;
}

export interface SmallPlane extends RouteServer {
  agents: AgentRows;
  tasks: Map<string, TaskRow>;
  lease_seconds: number;
  /** What answers to progress tell its agent to stop. */
  stop_tasks: string[];
  addTask(title: string, timeout_seconds?: number): TaskRow;
  /** Gives the task away, as an expired lease does. */
  takeBack(task: TaskRow): void;
}

/** A plane of the agents' routes alone, in memory, over real HTTP: leases under fences, claims by key, tokens that are checked. */
export async function startSmallPlane(): Promise<SmallPlane> {
  const agents = new AgentRows();
  const tasks = new Map<string, TaskRow>();
  const held = (call: Call): TaskRow => {
    const agent = agents.byToken(call);
    const task = tasks.get(call.params.task_id ?? "");
    if (task === undefined) throw new Problem("task.not_found");
    const { fence } = call.body as { fence: number };
    if (task.fence !== fence) throw new Problem("task.lease_lost", { extra: { action: "stop" } });
    if (task.agent_id !== agent.agent_id) throw new Problem("task.not_holder");
    return task;
  };
  const end =
    (status: TaskRow["status"]): Answer =>
    (call) => {
      const task = held(call);
      if (task.status !== status && task.status !== "running") throw new Problem("task.lease_lost");
      task.status = status;
      task.word = call.body as Record<string, unknown>;
      return { ...taskReply(task), stop_tasks: plane.stop_tasks };
    };
  const operator = (call: Call): void => {
    if (bearerOf(call) !== API_KEY) throw new Problem("auth.invalid");
  };
  const plane: Pick<SmallPlane, "lease_seconds" | "stop_tasks"> = { lease_seconds: 120, stop_tasks: [] };
  const leaseEnd = () => new Date(agents.now() + plane.lease_seconds * 1000).toISOString();

  const claimOnce = (call: Call): string[] => {
    const agent = agents.byToken(call);
    const key = String(call.headers["idempotency-key"]);
    const known = agent.claims.get(key);
    if (known !== undefined) return known;
    const { max = 1 } = call.body as { max?: number };
    const taken = [...tasks.values()].filter(({ status }) => status === "ready").slice(0, max);
    for (const task of taken)
      Object.assign(task, { status: "running", fence: task.fence + 1, agent_id: agent.agent_id });
    if (taken.length > 0)
      agent.claims.set(
        key,
        taken.map(({ task_id }) => task_id),
      );
    return taken.map(({ task_id }) => task_id);
  };

  const server = await startRouteServer({
    registerAgent(call) {
      operator(call);
      return agents.register(call.body as Parameters<AgentRows["register"]>[0]);
    },
    heartbeat: (call) => agents.heartbeat(call),
    getAgentRegistration(call) {
      agents.byToken(call);
      return { steps: [], channels: [], wake_url: null, first_heartbeat_by: new Date(agents.now()).toISOString() };
    },
    buyToken: ({ params, body }) => agents.buyToken(params.agent_id ?? "", (body as { assertion: string }).assertion),
    async claimTasks(call) {
      const { wait_ms = 0 } = call.body as { wait_ms?: number };
      const until = Date.now() + wait_ms;
      let ids = claimOnce(call);
      while (ids.length === 0 && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        ids = claimOnce(call);
      }
      const taken = ids.map((id) => claimedTask(tasks.get(id) as TaskRow, leaseEnd()));
      return { tasks: taken, retry_after_ms: 20, stop_tasks: [], messages: [] };
    },
    progressTask(call) {
      held(call).progress.push(call.body as Record<string, unknown>);
      return { lease_expires_at: leaseEnd(), action: "continue", stop_tasks: plane.stop_tasks };
    },
    completeTask: end("completed"),
    failTask: end("failed"),
    releaseTask: end("released"),
    deleteAgent(call) {
      const row = agents.byToken(call);
      if (row.agent_id !== call.params.agent_id) throw new Problem("auth.forbidden");
      row.status = "TERMINATED";
      return agentReply(row.agent_id);
    },
  });
  return Object.assign(plane, server, {
    agents,
    tasks,
    addTask(title: string, timeout_seconds = 3600) {
      const task_id = newId("task", systemRandom);
      const agent_id = undefined;
      const task: TaskRow = {
        task_id,
        title,
        timeout_seconds,
        agent_id,
        status: "ready",
        fence: 0,
        progress: [],
        word: undefined,
      };
      tasks.set(task_id, task);
      return task;
    },
    takeBack(task: TaskRow) {
      task.fence += 1;
      task.agent_id = undefined;
    },
  });
}
