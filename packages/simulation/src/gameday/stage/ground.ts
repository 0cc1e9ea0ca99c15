import { shortened } from "@omoios/kernel/cut-text";
import { type Client, createClient } from "@omoios/sdk/client";
import { wait } from "@omoios/sdk/wait";
import { backlogOf } from "../actors/backlog.ts";
import { crewOf } from "../actors/crew.ts";
import type { Register } from "../actors/voice.ts";
import { type Course, firingsOf, planeEvents } from "../course.ts";
import type { GameDay } from "../game-day-file.ts";
import type { Ground } from "../ground.ts";
import { play } from "../play.ts";
import { BrokenOff } from "../time.ts";
import { isBusFault, stageBus } from "./bus-faults.ts";
import { openDesk } from "./desk.ts";
import { heartbeatLoss } from "./heartbeat-loss.ts";
import { leaveNothing, unless } from "./leave-nothing.ts";
import { probeStage } from "./probe-stage.ts";
import { realTime } from "./real-time.ts";
import type { OwnReceivers } from "./receivers.ts";
import { tellingsOf } from "./tellings.ts";
import { voicesAt } from "./voices.ts";
import { watchEvents } from "./watch-events.ts";

/** A stage that runs, and how it is reached. */
export interface RunningStage {
  url: string;
  api_key: string;
  /** Where its bus is told to bring events twice or late; only of a plane on this machine. */
  faults_url?: string | undefined;
}

interface StageOptions {
  stage: RunningStage;
  receivers: OwnReceivers;
  /** Breaks the run off; what it made goes all the same. */
  signal: AbortSignal;
}

/** The log of events shows what is a second old. */
const SHOWN_AFTER_MS = 2_000;

/** Plays a game day in real time on a stage that runs: its agents are agents of this process, over HTTP. */
export async function playOnStage(day: GameDay, { stage, receivers, signal }: StageOptions): Promise<Course> {
  const over = new AbortController();
  const time = realTime(signal, over.signal);
  // Agents go on beating until the plane has ended them, or their end would look like a fault.
  const lifetime = realTime(over.signal);
  const operator = createClient(stage);
  const agents = new Set<string>();
  const errors: string[] = [];
  const failed = (error: unknown): void => {
    if (!(error instanceof BrokenOff)) errors.push(String(error));
  };
  const events = watchEvents(operator, time);
  const desk = await openDesk(operator, shortened(`Game day: ${day.title}`, 200));
  const { register, registered } = counted(
    voicesAt({ url: stage.url, operator, desk, made: (agent_id) => void agents.add(agent_id) }),
  );
  const backlog = backlogOf({ time, make: desk.make });
  const loss = heartbeatLoss(time);
  const bus = stageBus(stage);
  const { completed } = backlog;
  const crew = crewOf({ time: lifetime, register, completed, task_ms: day.task_ms, isLost: loss.strikes, failed });
  backlog.fill(() => crew.living).catch(failed);
  events.follow(crew.heard).catch(failed);
  const readAll = async () => {
    await wait(SHOWN_AFTER_MS);
    await events.readOn();
  };
  const ground: Ground = {
    time,
    crew,
    backlog,
    break(kind, share, for_ms) {
      if (isBusFault(kind)) return bus.begin(kind, share, for_ms);
      if (kind !== "drop_heartbeats") throw new Error(`${kind} is not done to a stage`);
      return loss.begin(share, for_ms);
    },
    answer: receivers.answer,
    sample: (samples) => operator.sendSamples({ body: { samples } }),
    ingest: (body) => operator.ingestAlertmanager({ body }),
    acknowledge: (alertname) => acknowledge(operator, alertname),
    probe: () => probeStage(operator, desk),
    async seen(begun_at) {
      await readAll();
      const said = planeEvents(events.all.values(), begun_at);
      return { events: said, told: await tellingsOf(operator, firingsOf(said), begun_at), errors };
    },
    async restore() {
      crew.stop();
      const unmended = await bus.mend();
      await backlog.close();
      await registered();
      const left = await leaveNothing(operator, desk, agents);
      over.abort();
      await readAll();
      for (const { alert_id } of firingsOf(planeEvents(events.all.values(), 0))) await resolve(operator, alert_id);
      return [...left, ...unmended];
    },
  };
  return play(day, ground);
}

/** Registrations, and what waits for those under way. */
function counted(register: Register): { register: Register; registered(): Promise<unknown> } {
  const underway = new Set<Promise<unknown>>();
  return {
    register(number, instead_of) {
      const one = register(number, instead_of);
      underway.add(one);
      const ended = () => void underway.delete(one);
      one.then(ended, ended);
      return one;
    },
    registered: () => Promise.allSettled(underway),
  };
}

/** What fired in the run is over with it. */
async function resolve(operator: Client, alert_id: string): Promise<void> {
  const body = { note: "The game day is over" };
  await operator.resolveAlert({ params: { alert_id }, body }).catch(unless("alert.not_firing"));
}

async function acknowledge(operator: Client, alertname: string): Promise<void> {
  const { items } = await operator.listAlerts({ query: { state: "firing", alertname, limit: 100 } });
  const alert = items.at(-1);
  if (alert === undefined) throw new Error(`Nothing is to be acknowledged: ${alertname} does not fire`);
  await operator.acknowledgeAlert({ params: { alert_id: alert.alert_id } });
}
