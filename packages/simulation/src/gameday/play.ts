import type { Configuration } from "@omoios/app/configuration";
import type { Envelope } from "@omoios/contracts/events";
import { chance } from "../chance.ts";
import type { Database } from "../database.ts";
import { beginSweeping, startSweeps } from "../plane/sweeps.ts";
import { trace } from "../trace.ts";
import { virtualTime } from "../virtual-time.ts";
import { receiversOn } from "../wire/receivers.ts";
import { makeWorld, START, type World } from "../world.ts";
import { openBacklog } from "./actors/backlog.ts";
import { crewOf } from "./actors/crew.ts";
import { perform, type Stage } from "./acts.ts";
import { type Breakage, breakageBy } from "./breakage.ts";
import { type Course, type Probes, planeEvent } from "./course.ts";
import { beginsAt, faultSpan } from "./faults-of.ts";
import type { GameDay } from "./game-day-file.ts";
import { probe } from "./probe.ts";
import { type WithoutPart, without } from "./without.ts";

export interface PlayOptions {
  database: Database;
  configuration: Configuration;
  /** A build without this part. */
  without?: WithoutPart | undefined;
}

/** Runs a game day in virtual time against the plane's own code. */
export async function playGameDay(
  given: GameDay,
  { database, configuration, without: part }: PlayOptions,
): Promise<Course> {
  const { day, plane, hears_events } = without(part, given, configuration);
  const time = virtualTime(START);
  const all = chance(day.seed);
  const breakage = breakageBy(time, all.of("breakage"));
  const receivers = receiversOn({ time, chance: all.of("receivers"), trace: trace() });
  const events = new Map<string, Envelope>();
  let heard = (event: Envelope): void => void events.set(event.id, event);
  const world = await makeWorld({
    seed: day.seed,
    time,
    chance: all,
    emulator: await database.open(),
    clients: database.clients,
    configuration: plane,
    one_machine: false,
    faults: breakage,
    alerting: { sender: receivers.sender, hears_events },
    heard: (event) => heard(event),
  });
  const [workflow = ""] = plane.workflows.keys();
  const backlog = await alone(world, () => openBacklog({ ...world, chance: all.of("backlog") }, workflow));
  await alone(world, () => beginSweeping(world));
  const { phase_id, completed } = backlog;
  const crew = crewOf({
    ...world,
    chance: all.of("crew"),
    phase_id,
    completed,
    task_ms: day.task_ms,
    isLost: () => breakage.strikes("drop_heartbeats"),
  });
  heard = (event) => {
    events.set(event.id, event);
    crew.heard(event);
  };
  backlog.fill(() => crew.living);
  const begun_at = time.now();
  const probes = await through(day, { world, crew, backlog, breakage, receivers }, breakage);
  return {
    faults: faultSpan(day.timeline),
    ended_ms: time.now() - begun_at,
    events: [...events.values()]
      .map((event) => planeEvent(event, begun_at))
      .sort((a, b) => a.at_ms - b.at_ms || a.version - b.version),
    told: receivers.told.map(({ at, ...told }) => ({ at_ms: at - begun_at, ...told })),
    dead: receivers.dead,
    lost: crew.lost.map(({ at, ...lost }) => ({ at_ms: at - begun_at, ...lost })),
    probes,
    errors: world.errors,
  };
}

/** From the begin to the end of the timeline, and back. */
async function through(day: GameDay, stage: Stage, breakage: Breakage): Promise<Course["probes"]> {
  const { world } = stage;
  const { time } = world;
  const end = time.now() + day.until_ms;
  let before: Probes | undefined;
  const faults = faultSpan(day.timeline);
  if (faults !== undefined)
    time.after(faults.first_ms, () => {
      before = probe(world.changes);
    });
  for (const entry of day.timeline)
    time.after(beginsAt(entry), () => {
      void perform(entry, stage).catch((error: unknown) => world.errors.push(`${entry.do}: ${String(error)}`));
    });
  startSweeps(world, undefined, () => breakage.strikes("pause_sweep"));
  await time.run(() => time.now() >= end);
  const after = probe(world.changes);
  breakage.mend();
  for (const { do: name } of day.rollback) await perform({ at: "0s", do: name }, stage);
  return { before: before ?? after, after };
}

/** Does one thing before anything else happens. */
async function alone<T>({ time }: World, act: () => Promise<T>): Promise<T> {
  let done = false;
  const acting = act().finally(() => {
    done = true;
  });
  await time.run(() => done);
  if (!done) throw new Error("It waits for something that is not planned");
  return acting;
}
