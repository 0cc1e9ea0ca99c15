import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Stage } from "./plane.ts";
import { killTree } from "./process-tree.ts";

const OMOI = fileURLToPath(new URL("../../cli/bin/omoi.mjs", import.meta.url));
const AGENT = fileURLToPath(new URL("agents/agent.mjs", import.meta.url));
const STOP_LIMIT_MS = 15_000;

interface Role {
  phase_ids: string[];
  capabilities: string[];
}

const ROLES = {
  analyst: { phase_ids: ["PHASE_REQUIREMENTS", "PHASE_DESIGN"], capabilities: ["analysis", "design"] },
  developer: { phase_ids: ["PHASE_IMPLEMENTATION"], capabilities: ["code"] },
  builder: { phase_ids: ["PHASE_BUILDING_DONE"], capabilities: ["packaging"] },
  tester: { phase_ids: ["PHASE_TESTING"], capabilities: ["testing"] },
  deployer: { phase_ids: ["PHASE_DEPLOYMENT"], capabilities: ["deployment"] },
} satisfies Record<string, Role>;

/** Two developers, so that one can finish what the other leaves; one agent of each other role. */
const CREW: (keyof typeof ROLES)[] = ["analyst", "developer", "developer", "builder", "tester", "deployer"];

/** Agents that are commands, each worked by a runner of its own. */
export interface Fleet {
  readonly size: number;
  /** Ends an agent's runner and everything below it, as a crash would. */
  kill(agent: string): Promise<void>;
  /** Starts one more agent of the same role. */
  replace(agent: string): string;
  /** Lets each runner hand back what it holds, and waits for it. */
  stop(): Promise<void>;
}

export function startFleet(root: string, stage: Stage): Fleet {
  const logs = join(root, "agents");
  mkdirSync(logs, { recursive: true });
  const running = new Map<string, ChildProcess>();
  const counts = new Map<string, number>();

  function start(role: keyof typeof ROLES): string {
    const count = (counts.get(role) ?? 0) + 1;
    counts.set(role, count);
    const name = `${role}-${count}`;
    running.set(name, startAgent(name, ROLES[role], root, logs, stage));
    return name;
  }

  for (const role of CREW) start(role);
  return {
    size: CREW.length,
    kill: async (agent) => {
      const child = running.get(agent);
      if (child?.pid === undefined) throw new Error(`no agent ${agent} is running`);
      running.delete(agent);
      killTree(child.pid);
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
    replace: (agent) => start(roleOf(agent)),
    stop: async () => {
      await Promise.all([...running.values()].map(stopAgent));
      running.clear();
    },
  };
}

function startAgent(name: string, role: Role, root: string, logs: string, stage: Stage): ChildProcess {
  const command = [process.execPath, AGENT, "--root", root, "--agent", name].map(quoted).join(" ");
  const args = ["agent", "run", "--capabilities", role.capabilities.join(",")];
  args.push("--phases", role.phase_ids.join(","), "--exec", command);
  const log = openSync(join(logs, `${name}.log`), "a");
  const child = spawn(process.execPath, [OMOI, ...args], {
    // The agents' own working directories are made below it.
    cwd: root,
    env: { ...process.env, OMOI_URL: stage.url, OMOI_API_KEY: stage.api_key },
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  return child;
}

async function stopAgent(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = once(child, "exit", { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
  child.kill("SIGINT");
  const { pid } = child;
  await exit.catch(() => killTree(pid));
}

function roleOf(agent: string): keyof typeof ROLES {
  const role = CREW.find((name) => agent.startsWith(`${name}-`));
  if (role === undefined) throw new Error(`no role has an agent ${agent}`);
  return role;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
