import type { Position } from "./position.ts";
import type { Progress } from "./progress.ts";

/** Between two writes of the position: after a kill, what was done in this time is delivered again. */
const SAVE_EVERY_MS = 250;

export interface Saving {
  /** What moved is saved within a moment, together with what moves until then. */
  soon(): void;
  /** Resolves when nothing that moved is unsaved. */
  now(): Promise<void>;
}

/** Writes a shard's position at most so often: a row for each batch would be a tenth of all requests. */
export function startSaving(progress: Progress, position: Position, reportError: (error: unknown) => void): Saving {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  const save = async () => {
    const moved = progress.takeMoved();
    if (moved !== undefined) await position.save(moved);
  };
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    running = running.then(save).catch(reportError);
    return running;
  };
  const soon = () => {
    timer ??= setTimeout(now, SAVE_EVERY_MS);
  };
  return { soon, now };
}
