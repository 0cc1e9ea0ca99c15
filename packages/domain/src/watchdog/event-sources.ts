import { type EventType, events } from "@omoios/contracts/events";

interface EventSource {
  /** It says that an agent is silent: one that beats again needs nothing. */
  about_life?: true;
}

/** Events of the plane that a policy can name. The consumer's rule on the bus lets through these, and no others. */
const SOURCES: Readonly<Partial<Record<EventType, EventSource>>> = {
  "agent.heartbeat.missed": { about_life: true },
  "agent.registration_failed": { about_life: true },
  "agent.status_changed": {},
  "task.stuck": {},
  "task.dead_lettered": {},
  "task.unmatchable": {},
  "monitor.anomaly.detected": {},
  "monitor.mass_silence": {},
};

export const TRIGGER_EVENTS = Object.keys(SOURCES) as EventType[];

/** Beside those that are triggers: alerts that begin and end, and agents that came. */
export const WATCHDOG_EVENTS: readonly EventType[] = [
  "monitor.alert.triggered",
  "monitor.alert.resolved",
  "agent.registered",
  ...TRIGGER_EVENTS,
];

/** Whether the event says that an agent is silent. */
export const isAboutLife = (type: string): boolean => SOURCES[type as EventType]?.about_life === true;

/** What conditions on an event of that type can name. */
export const membersOf = (type: EventType): string[] => Object.keys(events[type].data().shape);
