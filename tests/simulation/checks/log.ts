import { envelopesOf } from "@omoios/adapters/stream/envelopes";
import type { Envelope } from "@omoios/contracts/events";
import { lifecycle, type StoredStatus, type TaskRow } from "@omoios/domain/tasks/model";
import { type Change, plain } from "@omoios/simulation/wire/changes";
import type { Said } from "../actors/work-on.ts";
import type { Rows } from "./rows.ts";

/** That the event log tells just what was committed, and that telling it again gives the rows. */
export function logFaults(log: readonly Envelope[], changes: readonly Change[], rows: Rows): string[] {
  const logged = new Set(log.map(({ id }) => id));
  const committed = new Set(
    changes.flatMap(({ entry }) => envelopesOf(plain(entry.dynamodb.NewImage) ?? {}).map(({ id }) => id)),
  );
  const byTask = new Map<string, Envelope[]>();
  for (const event of log) {
    if (event.subject.kind !== "task" || event.type === "task.dead_lettered") continue;
    byTask.set(event.subject.id, [...(byTask.get(event.subject.id) ?? []), event]);
  }
  return [
    ...[...committed].filter((id) => !logged.has(id)).map((id) => `${id} was committed and is not in the log`),
    ...[...logged].filter((id) => !committed.has(id)).map((id) => `${id} is in the log and was never committed`),
    ...startFaults(log),
    ...[...rows.tasks.values()].flatMap((task) => replayFaults(task, byTask.get(task.task_id) ?? [])),
  ];
}

/** No fence is used twice, by the log alone. */
function startFaults(log: readonly Envelope[]): string[] {
  const starts = log.filter(({ type }) => type === "task.started");
  const seen = new Set<string>();
  return starts.flatMap(({ subject, data }) => {
    const start = `${subject.id}#${data.fence}`;
    if (seen.has(start)) return [`the log gives fence ${data.fence} of ${subject.id} twice`];
    seen.add(start);
    return [];
  });
}

/** The statuses that the log tells, in the order of the versions, lead by allowed steps to the row's. */
function replayFaults(task: TaskRow, events: readonly Envelope[]): string[] {
  const told = [...events].sort((a, b) => Number(a.data.version) - Number(b.data.version));
  const faults: string[] = [];
  let status: StoredStatus = "staged";
  for (const { id, data } of told) {
    const next = data.status as StoredStatus;
    if (next !== status && !lifecycle.can(status, next)) faults.push(`${id} leads from ${status} to ${next}`);
    status = next;
  }
  if (status !== task.status) faults.push(`${task.task_id} is ${task.status}, and its log ends with ${status}`);
  return faults;
}

/** What an agent was told to have done stands as an attempt of its own, under the fence that it named. */
export function saidFaults(said: readonly Said[], rows: Rows): string[] {
  return said.flatMap(({ agent_id, task_id, fence, outcome }) =>
    rows.attempts.some(
      (row) =>
        row.task_id === task_id &&
        row.fence === fence &&
        row.orphan === "" &&
        row.agent_id === agent_id &&
        row.outcome === outcome,
    )
      ? []
      : [`${agent_id} was told that ${task_id} ${outcome} under fence ${fence}, and no attempt says so`],
  );
}
