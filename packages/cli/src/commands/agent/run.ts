import type { RunnerOptions } from "@omoios/runner/options";
import type { AgentRun } from "@omoios/runner/run-agent";
import { type CommandRow, command } from "../../command.ts";
import { EXIT } from "../../failure.ts";
import { given, positiveNumber, wholeNumber } from "../../parse-option.ts";
import { type AgentOptions, agentOptions } from "./agent-options.ts";
import { followRun } from "./follow-run.ts";
import { orWrongIdentityFile } from "./identity-option.ts";

interface Options extends AgentOptions {
  exec: string;
  workdir?: string;
  keepWorkdirs?: boolean;
  silenceSeconds?: number;
  graceSeconds?: number;
  heartbeatSeconds?: number;
  identity?: string;
  once?: boolean;
  maxTasks?: number;
}

export const agentRun: CommandRow = command<[], Options>({
  usage: "run",
  about: "work a command as an agent until Ctrl-C",
  options: (made) =>
    agentOptions(
      made.requiredOption("--exec <command>", "run by /bin/sh for each task, which is JSON on its standard input"),
    )
      .option("--workdir <folder>", "where attempts have their folders")
      .option("--keep-workdirs", "leave the folders of ended attempts")
      .option("--silence-seconds <number>", "end a command that has written nothing for so long", positiveNumber)
      .option("--grace-seconds <number>", "between SIGTERM and SIGKILL; 5 unless given", positiveNumber)
      .option("--heartbeat-seconds <number>", "beat at least this often", positiveNumber)
      .option(
        "--identity <file>",
        "keep who the agent is (0600); the next start goes on as it, or in its place where it has ended",
      )
      .option("--once", "end when nothing is ready and nothing runs")
      .option(
        "--max-tasks <number>",
        "end after so many tasks, however they ended: a task that fails is the plane's to judge, and the exit code 0",
        wholeNumber,
      ),
  async run(cli, _, options) {
    // Loaded here, so that the other commands need not wait for it.
    const { runAgent } = await import("@omoios/runner/run-agent");
    const run = runAgent({ ...(await cli.plane()), ...runnerOptions(options), log: followRun(cli) });
    const signals = endOnSignals(run, (text) => cli.note(text));
    try {
      await orWrongIdentityFile(run.finished);
      return signals.count() > 1 ? EXIT.no : EXIT.done;
    } finally {
      signals.forget();
    }
  },
});

function runnerOptions(options: Options): Omit<RunnerOptions, "url" | "api_key" | "log"> {
  const { type: agent_type, capacity, tag: tags, owner, workdir, keepWorkdirs: keep_workdirs, once } = options;
  const { silenceSeconds: silence_seconds, maxTasks: max_tasks, identity: identity_file } = options;
  const { graceSeconds: grace, heartbeatSeconds: beat } = options;
  const heartbeat_ms =
    beat === undefined ? undefined : { idle: Math.min(30, beat) * 1000, running: Math.min(15, beat) * 1000 };
  return {
    command: options.exec,
    phase_ids: options.phases,
    capabilities: options.capabilities,
    ...given({ agent_type, capacity, tags, owner, identity_file, workdir, keep_workdirs, once, max_tasks }),
    ...given({ silence_seconds, heartbeat_ms, grace_ms: grace === undefined ? undefined : grace * 1000 }),
  };
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal hands the tasks back; the second ends everything at once. */
function endOnSignals(run: AgentRun, note: (text: string) => void): { count(): number; forget(): void } {
  let signals = 0;
  const onSignal = (name: string): void => {
    signals += 1;
    if (signals === 1) {
      note("handing the tasks back; once more ends them at once");
      run.stop(`the runner was stopped (${name})`);
      return;
    }
    void run.kill().then(() => process.exit(EXIT.no));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    count: () => signals,
    forget: () => {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}
