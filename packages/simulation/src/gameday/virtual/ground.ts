import type { Configuration } from "@omoios/app/configuration";
import type { Envelope } from "@omoios/contracts/events";
import type { Notification } from "@omoios/contracts/shapes/alert";
import type { RequestContext } from "@omoios/domain/commit";
import { chance } from "../../chance.ts";
import type { Database } from "../../database.ts";
import { OPERATOR } from "../../plane/api.ts";
import type { Instance } from "../../plane/instances.ts";
import { beginSweeping, startSweeps } from "../../plane/sweeps.ts";
import { trace } from "../../trace.ts";
import { virtualTime } from "../../virtual-time.ts";
import { captured, receiversOn, type Told } from "../../wire/receivers.ts";
import { makeWorld, START, type World } from "../../world.ts";
import { backlogOf } from "../actors/backlog.ts";
import { crewOf } from "../actors/crew.ts";
import { type Course, planeEvents, type Telling } from "../course.ts";
import type { GameDay } from "../game-day-file.ts";
import type { Ground } from "../ground.ts";
import { play } from "../play.ts";
import type { WithoutPart } from "../without.ts";
import { breakageBy } from "./breakage.ts";
import { buildWithout } from "./build-without.ts";
import { openTicket } from "./desk.ts";
import { probe } from "./probe.ts";
import { voicesIn } from "./voices.ts";

interface VirtualOptions {
  database: Database;
  configuration: Configuration;
  /** A build without this part. */
  without?: WithoutPart | undefined;
}

/** Plays a game day in virtual time against the plane's own code, with its receivers captured. */
export async function playVirtually(
  day: GameDay,
  { database, configuration, without }: VirtualOptions,
): Promise<Course> {
  const build = buildWithout(without, { ...configuration, alert_routing: captured(day.routing) });
  const { plane, hears_events, lacks } = build;
  const time = virtualTime(START);
  const all = chance(day.seed);
  const breakage = breakageBy(time, all.of("breakage"));
  const receivers = receiversOn({ time, chance: all.of("receivers"), trace: trace() });
  const events = new Map<string, Envelope>();
  const seen: { heard(event: Envelope): void } = { heard: (event) => void events.set(event.id, event) };
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
    lacks,
    heard: (event) => seen.heard(event),
  });
  const [workflow = ""] = plane.workflows.keys();
  const { phase_id, make } = await alone(world, () => openTicket({ ...world, chance: all.of("backlog") }, workflow));
  await alone(world, () => beginSweeping(world));
  const backlog = backlogOf({ time, make });
  const crew = crewOf({
    time,
    register: voicesIn({ ...world, chance: all.of("crew"), phase_id }),
    completed: backlog.completed,
    task_ms: day.task_ms,
    isLost: () => breakage.strikes("drop_heartbeats"),
    failed: (error) => void world.errors.push(`agent: ${String(error)}`),
  });
  seen.heard = (event) => {
    events.set(event.id, event);
    crew.heard(event);
  };
  void backlog.fill(() => crew.living);
  startSweeps(world, undefined, () => breakage.strikes("pause_sweep"));
  const ground: Ground = {
    time,
    crew,
    backlog,
    break: breakage.break,
    answer: receivers.answer,
    probe: async () => probe(world.changes),
    async restore() {
      breakage.mend();
      return [];
    },
    seen: async (begun_at) => ({
      events: planeEvents(events.values(), begun_at),
      told: receivers.told.map(({ at, ...told }) => tellingOf(told, at - begun_at)),
      errors: world.errors,
    }),
    ...operatorIn(world),
  };
  return alone(world, () => play(day, ground));
}

function operatorIn({ api }: World): Pick<Ground, "sample" | "ingest" | "acknowledge"> {
  const asOperator = <T>(act: (instance: Instance, ctx: RequestContext) => Promise<T>): Promise<T> =>
    api.call({ of: "api-control", actor: OPERATOR, tries: 5, act });
  return {
    sample: (samples) => asOperator(({ watch }, ctx) => watch.series.takeSamples(ctx, samples, undefined)),
    ingest: (body) => asOperator(({ watch }, ctx) => watch.alerting.ingest(ctx, body)),
    acknowledge: (alertname) =>
      asOperator(async ({ watch }, ctx) => {
        const { items } = await watch.alerting.list({ state: ["firing"], alertname, limit: 100 });
        const alert = items.at(-1);
        if (alert === undefined) throw new Error(`Nothing is to be acknowledged: ${alertname} does not fire`);
        return watch.alerting.acknowledge(ctx, alert.alert_id);
      }),
  };
}

const tellingOf = ({ receiver, status, notification, trace_id }: Omit<Told, "at">, at_ms: number): Telling => ({
  at_ms,
  receiver,
  taken: status < 300,
  answer: `answers ${status}`,
  ...notifiedOf(notification),
  trace_id,
});

const notifiedOf = ({ status, alerts, truncatedAlerts }: Notification) => ({
  status,
  count: alerts.length + truncatedAlerts,
  alertnames: [...new Set(alerts.map(({ labels }) => labels.alertname ?? ""))],
});

/** Does one thing, and lets time go on until it is done. */
async function alone<T>({ time }: Pick<World, "time">, act: () => Promise<T>): Promise<T> {
  let done = false;
  const acting = act().finally(() => {
    done = true;
  });
  await time.run(() => done);
  if (!done) throw new Error("It waits for something that is not planned");
  return acting;
}
