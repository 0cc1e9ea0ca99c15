import { piecesOf } from "@omoios/kernel/pieces";
import { perform } from "./acts.ts";
import type { Course, Probes } from "./course.ts";
import { beginsAt, faultSpan, isFault } from "./faults-of.ts";
import type { GameDay } from "./game-day-file.ts";
import type { Entry } from "./game-day-shape.ts";
import type { Ground } from "./ground.ts";
import { samplesBefore } from "./history.ts";
import { judge } from "./judge.ts";
import { BrokenOff } from "./time.ts";

/**
 * Plays a game day on a ground: the timeline to its end, then what was changed is put back, whatever happened. It ends before the first
 * fault where the hypothesis does not hold.
 */
export async function play(day: GameDay, ground: Ground): Promise<Course> {
  const acting: Promise<unknown>[] = [];
  const errors: string[] = [];
  const act = async (entry: Entry) => {
    try {
      await perform(entry, ground);
    } catch (error) {
      if (!(error instanceof BrokenOff)) errors.push(`${entry.do}: ${String(error)}`);
    }
  };
  const putBack = async () => {
    for (const { do: name } of day.rollback) await act({ at: "0s", do: name });
    const left = await ground.restore();
    await Promise.all(acting);
    return left;
  };
  let course: Course;
  try {
    await layHistory(day, ground);
    course = await walk(day, ground, (entry) => void acting.push(act(entry)));
  } catch (error) {
    const left = await putBack();
    throw left.length === 0 ? error : new Error([String(error), ...left].join("; "), { cause: error });
  }
  const left = await putBack();
  return { ...course, errors: [...errors, ...course.errors, ...left] };
}

/** Samples that the API takes at a time. */
const AT_A_TIME = 500;

async function layHistory({ history, seed }: GameDay, { time, sample }: Ground): Promise<void> {
  const samples = samplesBefore(time.now(), history, seed);
  for (const some of piecesOf(samples, AT_A_TIME)) await sample(some);
}

const LOOKS_AGAIN_MS = 1_000;

async function walk(day: GameDay, ground: Ground, begin: (entry: Entry) => void): Promise<Course> {
  const { time } = ground;
  const begun_at = time.now();
  const reach = (ms: number) => time.sleep(begun_at + ms - time.now());
  let before: Probes | undefined;
  const upToNow = (stopped: Course["stopped"]) => courseOf(day, ground, { begun_at, before, stopped });
  try {
    for (const entry of day.timeline) {
      await reach(beginsAt(entry));
      if (isFault(entry) && before === undefined) {
        const found = await ground.probe();
        before = found;
        if (day.hypothesis.some(({ probe, is }) => found[probe] !== is)) return await upToNow("hypothesis");
      }
      begin(entry);
    }
    while (day.until_met && time.now() < begun_at + day.until_ms) {
      const course = await upToNow(undefined);
      if (judge(day, course).every(({ holds }) => holds)) return course;
      await time.sleep(LOOKS_AGAIN_MS);
    }
    await reach(day.until_ms);
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
    return upToNow("broken_off");
  }
  return upToNow(undefined);
}

interface Standing {
  begun_at: number;
  before: Probes | undefined;
  stopped: Course["stopped"];
}

async function courseOf(day: GameDay, ground: Ground, { begun_at, before, stopped }: Standing): Promise<Course> {
  const ended_ms = ground.time.now() - begun_at;
  const after = await ground.probe();
  return {
    stopped,
    faults: stopped === "hypothesis" ? undefined : faultSpan(day.timeline),
    ended_ms,
    ...(await ground.seen(begun_at)),
    lost: ground.crew.lost.map(({ at, ...one }) => ({ at_ms: at - begun_at, ...one })),
    probes: { before: before ?? after, after },
  };
}
