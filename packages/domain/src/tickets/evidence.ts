import type { ArtifactInput } from "@omoios/contracts/shapes/artifact";
import { derivedId, type TaskId } from "@omoios/kernel/ids";
import type { Change, RequestContext } from "../commit.ts";
import { digest, shortDigest } from "../digest.ts";
import type { Evidence } from "../tasks/holder.ts";
import { partedWith } from "../tasks/late-word.ts";
import type { TaskRow } from "../tasks/model.ts";
import { leftPhases } from "./left-phases.ts";
import type { ArtifactRow, TicketRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";
import { mustBeOpen, ticketOf } from "./reads.ts";

/** How soon the sweep judges the gate, should the event of new evidence get lost. */
const JUDGE_WITHIN_MS = 60_000;

/** Artifacts of a task's holder, in the same write as its word. */
export function evidenceOf(parts: TicketParts): Evidence {
  return {
    async changes(ctx, task, artifacts) {
      const ticket = await ticketOf(parts, task.ticket_id);
      if (await isOver(parts, ticket, task)) return undefined;
      if (artifacts.length === 0) return [];
      return (await artifactChanges(parts, ctx, ticket, artifacts, task.task_id)).changes;
    },
  };
}

/** Whether the task counts for nothing any more. Read with the ticket whose version the artifacts are written under. */
async function isOver(
  parts: TicketParts,
  ticket: TicketRow,
  task: Pick<TaskRow, "phase_id" | "visit">,
): Promise<boolean> {
  if (ticket.status !== "open") return true;
  if (task.visit >= ticket.visit) return false;
  return (await leftPhases(parts, ticket))(task);
}

/** Refuses an agent that goes by a task which counts for nothing any more: throws `task.lease_lost`. */
export async function mustCount(parts: TicketParts, ticket: TicketRow, task: TaskRow): Promise<void> {
  if (await isOver(parts, ticket, task)) throw partedWith(task.task_id);
}

/** The rows of artifacts that are handed in for the ticket's phase and visit. The ticket's evidence version rises with them. */
export async function artifactChanges(
  parts: TicketParts,
  ctx: RequestContext,
  ticket: TicketRow,
  artifacts: readonly ArtifactInput[],
  task_id?: TaskId,
): Promise<{ changes: Change[]; rows: ArtifactRow[] }> {
  mustBeOpen(ticket);
  // Of two with the same identity in one call the later one counts.
  const newest = new Map(artifacts.map((given) => [`${given.type}|${hashOf(given)}`, given]));
  const rows: ArtifactRow[] = [];
  const changes: Change[] = [];
  for (const given of newest.values()) {
    const key = { ticket_id: ticket.ticket_id, type: given.type, path_hash: hashOf(given) };
    const before = await parts.store.get("artifact", key);
    const row = rowOf(given, ticket, ctx, before?.revision ?? 0, task_id);
    rows.push(row);
    changes.push(before === undefined ? { kind: "artifact", after: row } : { kind: "artifact", before, after: row });
    if (before !== undefined) changes.push({ kind: "artifact_revision", after: before, overwrite: true });
  }
  const after: TicketRow = {
    ...ticket,
    evidence_version: ticket.evidence_version + 1,
    due_at: Math.min(ticket.due_at ?? Number.POSITIVE_INFINITY, ctx.now + JUDGE_WITHIN_MS),
    updated_at: ctx.now,
  };
  return {
    changes: [{ kind: "ticket", before: ticket, after, events: [{ type: "ticket.artifact_added" }] }, ...changes],
    rows,
  };
}

/** An artifact's identity is (type, path); one without a path goes by its url, or is the only one of its type. */
function hashOf({ path, url }: ArtifactInput): string {
  return shortDigest(path ?? url ?? "");
}

function rowOf(
  given: ArtifactInput,
  ticket: TicketRow,
  ctx: RequestContext,
  revisions: number,
  task_id?: TaskId,
): ArtifactRow {
  return {
    version: 0,
    artifact_id: derivedId("artifact", digest(ticket.ticket_id, given.type, hashOf(given))),
    ticket_id: ticket.ticket_id,
    task_id,
    type: given.type,
    path: given.path,
    path_hash: hashOf(given),
    url: given.url,
    content: given.content,
    metadata: given.metadata ?? {},
    revision: revisions + 1,
    phase_id: ticket.phase_id,
    visit: ticket.visit,
    created_by: ctx.actor.id,
    created_at: ctx.now,
  };
}
