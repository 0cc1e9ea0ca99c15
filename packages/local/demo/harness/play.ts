import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { taskResult } from "@omoios/contracts/shapes/task";
import type { BacklogTicket } from "../backlog.ts";
import { execute } from "../measure/process.mjs";

const AGENT = fileURLToPath(new URL("../agents/agent.mjs", import.meta.url));

export interface Played {
  task_id: string;
  result: ReturnType<typeof taskResult.parse>;
}

let made = 0;

/**
 * Plays the runner for one task: gives an agent's command its task as the contract says, and reads what it hands in.
 * The result must be one that the plane takes. Throws with the command's output where it fails.
 */
export async function playTask(
  root: string,
  ticket: BacklogTicket,
  phase: string,
  feedback: string[] = [],
): Promise<Played> {
  const { task_id, folder, args, env } = prepare(root, ticket, phase, feedback);
  try {
    const { status, stdout, stderr } = await execute(process.execPath, args, { cwd: folder, env });
    if (status !== 0) throw new Error(`${ticket.ref} ${phase} ended with ${status}:\n${stdout}\n${stderr}`);
    const given = JSON.parse(readFileSync(env.OMOI_RESULT_FILE, "utf8"));
    return { task_id, result: taskResult().parse({ success: true, ...given }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts a task's command and does not wait for it, for whoever wants to kill it. */
export function startTask(root: string, ticket: BacklogTicket, phase: string) {
  const { folder, args, env } = prepare(root, ticket, phase, []);
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, ...env }, stdio: "ignore" });
  if (child.pid === undefined) throw new Error("the agent's command did not start");
  const ended = once(child, "exit").then(() => rmSync(folder, { recursive: true, force: true }));
  return { pid: child.pid, ended };
}

function prepare(root: string, ticket: BacklogTicket, phase: string, feedback: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "omoi-play-"));
  made += 1;
  const task = {
    task_id: `task_${made}`,
    phase_id: phase,
    title: ticket.title,
    // A template says its own before the ticket's words.
    description: `What this phase is about.\n\n${ticket.description}`,
    ticket: { ticket_id: ticket.ref, title: ticket.title, external_ref: ticket.ref, labels: ticket.labels ?? [] },
    context: { feedback },
  };
  const env = {
    OMOI_TASK_FILE: join(folder, "task.json"),
    OMOI_RESULT_FILE: join(folder, "result.json"),
    OMOI_WORKDIR: folder,
    OMOI_TASK_ID: task.task_id,
  };
  writeFileSync(env.OMOI_TASK_FILE, JSON.stringify(task));
  return { task_id: task.task_id, folder, env, args: [AGENT, "--root", root, "--agent", "player-1"] };
}
