import type { CommandExit } from "./command-process.ts";
import { exitWords, failureMessage } from "./failure-message.ts";
import type { LastLines } from "./last-lines.ts";
import { BadResultFile, type CommandResult } from "./result-file.ts";

/** Why the runner ended a command before it ended by itself. */
export type StopReason =
  | { why: "lease_lost"; text: string }
  | { why: "timed_out"; text: string }
  | { why: "silent"; text: string }
  | { why: "handback"; text: string };

interface FailureReport {
  message: string;
  kind: string;
  retryable?: boolean;
}

/** What the plane is told about an attempt. */
export type Report =
  | { verb: "complete"; result: CommandResult }
  | { verb: "fail"; error: FailureReport; handoff: CommandResult["handoff"] }
  | { verb: "release"; reason: string; handoff: CommandResult["handoff"] }
  | { verb: "nothing"; text: string };

/**
 * Judges an ended attempt. Nothing is said where the lease is gone. A timed-out attempt is left to the plane's own timer: only its
 * clock counts. Silence and handing back say so; otherwise the exit code decides, and a bad result file spoils a good one.
 */
export function judgeAttempt(
  stop: StopReason | undefined,
  exit: CommandExit,
  file: CommandResult | BadResultFile,
  output: LastLines,
): Report {
  const handoff = file instanceof BadResultFile ? undefined : file.handoff;
  const fail = (what: string, kind: string, retryable?: boolean): Report => ({
    verb: "fail",
    error: { message: failureMessage(what, output), kind, ...(retryable === undefined ? {} : { retryable }) },
    handoff,
  });
  if (stop?.why === "lease_lost" || stop?.why === "timed_out") return { verb: "nothing", text: stop.text };
  if (stop?.why === "handback") return { verb: "release", reason: stop.text, handoff };
  if (stop?.why === "silent") return fail(stop.text, "silent", true);
  if (exit.error !== undefined) return fail(`the command could not be started: ${exit.error.message}`, "not_started");
  if (exit.code !== 0) return fail(exitWords(exit.code, exit.signal), "exit");
  if (file instanceof BadResultFile) return fail(file.message, "bad_result_file");
  return { verb: "complete", result: file };
}
