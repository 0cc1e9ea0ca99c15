import { createHash } from "node:crypto";
import type { ProgressLine } from "./progress-line.ts";

/** Progress lines are told at most this often; the newest goes. */
const LINES_EVERY_MS = 1_000;

/** What the plane is told: how far the command is, where it said so, and a hash of its last line, by which it sees one that goes in circles. */
export interface Told extends Partial<ProgressLine> {
  event_hash: string;
}

interface ReporterOptions {
  send: (progress: Told) => Promise<void>;
  /** Length of the lease: output alone is told three times per lease at most. */
  lease_ms: number;
}

export interface ProgressReporter {
  /** The command wrote a line: it lives. */
  output(line: string): void;
  /** The command said in a line how far it is. */
  progress(line: string, progress: ProgressLine): void;
  /** Tells no more, and waits for what is on its way. */
  stop(): Promise<void>;
}

/** Turns what a command writes into progress calls. It invents none: where nothing is written, nothing is told. */
export function progressReporter({ send, lease_ms }: ReporterOptions): ProgressReporter {
  let told_at = performance.now();
  let newest: ProgressLine | undefined;
  let heard = "";
  let timer: { due: number; handle: NodeJS.Timeout } | undefined;
  let sending: Promise<void> = Promise.resolve();
  let stopped = false;

  function tell(): void {
    const progress = { ...newest, event_hash: createHash("sha256").update(heard).digest("hex") };
    newest = undefined;
    timer = undefined;
    told_at = performance.now();
    sending = sending.then(() => send(progress));
  }

  function tellBy(due: number): void {
    if (stopped || (timer !== undefined && timer.due <= due)) return;
    clearTimeout(timer?.handle);
    timer = { due, handle: setTimeout(tell, Math.max(0, due - performance.now())) };
  }

  return {
    output(line) {
      heard = line;
      tellBy(told_at + lease_ms / 3);
    },
    progress(line, progress) {
      heard = line;
      newest = progress;
      tellBy(told_at + LINES_EVERY_MS);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer?.handle);
      await sending;
    },
  };
}
