import * as z from "zod";
import type { EvidenceTask } from "./evidence.ts";

/** What of an event the rules need. */
export interface LoggedEvent {
  id: string;
  type: string;
  subject: { id: string };
  data: Record<string, unknown>;
}

const fenced = z.looseObject({ fence: z.number() });

/** Where the event log says that something happened twice; each entry is a sentence. */
export function brokenInLog(events: LoggedEvent[]): string[] {
  const broken: string[] = [];
  const started = new Set<string>();
  const completed = new Set<string>();
  const ids = new Set<string>();
  for (const { id, type, subject, data } of events) {
    if (ids.has(id)) broken.push(`event ${id} is in the log twice`);
    ids.add(id);
    if (type === "task.started") {
      const { fence } = fenced.parse(data);
      const lease = `${subject.id} under fence ${fence}`;
      if (started.has(lease)) broken.push(`${lease} was started twice`);
      started.add(lease);
    }
    if (type === "task.completed") {
      if (completed.has(subject.id)) broken.push(`${subject.id} was completed twice`);
      completed.add(subject.id);
    }
  }
  return broken;
}

/** Where a task has not exactly one result that counts, or still waits for one. */
export function brokenInTasks(tasks: EvidenceTask[]): string[] {
  return tasks.flatMap(({ task_id, status, attempts }) => {
    const counted = attempts.filter(({ outcome }) => outcome === "completed").length;
    if (status === "completed") return counted === 1 ? [] : [`${task_id} has ${counted} counted results`];
    if (status === "cancelled") return counted === 0 ? [] : [`${task_id} is cancelled and has a counted result`];
    return [`${task_id} is ${status}`];
  });
}

/** What was done to the run to try it. */
export interface FaultsDone {
  killed_task: string | undefined;
  wanted_kills: number;
  plane_kills: number;
}

/** Which faults the run was to stand and did not meet. */
export function brokenInFaults({ killed_task, wanted_kills, plane_kills }: FaultsDone): string[] {
  const kills = `the work was done before the plane was killed ${wanted_kills} times: it was killed ${plane_kills} times`;
  return [
    ...(killed_task === undefined ? ["no agent could be killed in the middle of a task"] : []),
    ...(plane_kills === wanted_kills ? [] : [kills]),
  ];
}
