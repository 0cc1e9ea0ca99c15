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

/** Alerts that say so: those of the shipped rules and of the events above. */
const ABOUT_LIFE = ["agent_unresponsive", "agent_heartbeat_missed", "agent_registration_failed"];
const LIFE_METRICS = ["agent.status.unresponsive", "agent.heartbeat.missed"];

/** Whether an alert says that an agent is silent: by its name, or by what its rule measures. */
export const isAlertAboutLife = ({ alertname, metric_name }: { alertname: string; metric_name?: string | undefined }) =>
  ABOUT_LIFE.includes(alertname) || (metric_name !== undefined && LIFE_METRICS.includes(metric_name));

/** Whether the event says that an agent is silent. */
export const isAboutLife = (type: string): boolean => SOURCES[type as EventType]?.about_life === true;

/** What conditions on an event of that type can name. */
export const membersOf = (type: EventType): string[] => Object.keys(events[type].data().shape);
