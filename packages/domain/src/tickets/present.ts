import type { RouteReply } from "@omoios/contracts/routes";
import type { Artifact } from "@omoios/contracts/views/artifact";
import type { Gate, Ticket } from "@omoios/contracts/views/ticket";
import { timeOrNull, toRfc3339 } from "@omoios/kernel/clock";
import type { ArtifactRow, GateRow, TicketBodyRow, TicketRow, VisitRow } from "./model.ts";

/** A ticket as the API shows it: an open one that is blocked says so. */
export function ticketView(ticket: TicketRow, body: TicketBodyRow | undefined): Ticket {
  return {
    ticket_id: ticket.ticket_id,
    title: ticket.title,
    description: body?.description ?? null,
    priority: ticket.priority,
    workflow: ticket.workflow,
    project: ticket.project ?? null,
    labels: ticket.labels,
    external_ref: ticket.external_ref ?? null,
    phase_id: ticket.phase_id,
    visit: ticket.visit,
    status: ticket.status === "open" && ticket.is_blocked ? "blocked" : ticket.status,
    is_blocked: ticket.is_blocked,
    blocked_reason: ticket.blocked_reason ?? null,
    blocked_class: ticket.blocked_class ?? null,
    blocked_at: timeOrNull(ticket.blocked_at),
    blocked_by: ticket.blocked_by ?? [],
    cancel_reason: ticket.cancel_reason ?? null,
    created_at: toRfc3339(ticket.created_at),
    updated_at: toRfc3339(ticket.updated_at),
    phase_entered_at: toRfc3339(ticket.phase_entered_at),
    completed_at: timeOrNull(ticket.completed_at),
    version: ticket.version,
  };
}

export function artifactView(row: ArtifactRow): Artifact {
  return {
    artifact_id: row.artifact_id,
    ticket_id: row.ticket_id,
    task_id: row.task_id ?? null,
    type: row.type,
    path: row.path ?? null,
    url: row.url ?? null,
    content: row.content ?? null,
    metadata: row.metadata,
    revision: row.revision,
    phase_id: row.phase_id,
    visit: row.visit,
    created_by: row.created_by,
    created_at: toRfc3339(row.created_at),
  };
}

export function revisionView(row: ArtifactRow): RouteReply<"listArtifactRevisions">["items"][number] {
  const { content, ...shown } = artifactView(row);
  return { ...shown, content_characters: content === null ? null : [...content].length };
}

export function gateView(row: GateRow): Gate {
  const { version: _version, ttl: _ttl, evaluated_at, ...gate } = row;
  return { ...gate, evaluated_at: toRfc3339(evaluated_at) };
}

export function visitView(row: VisitRow): RouteReply<"getTicketHistory">["items"][number] {
  return {
    from: row.from ?? null,
    to: row.to,
    why: row.why,
    who: row.who,
    forced: row.forced,
    evidence: row.evidence,
    at: toRfc3339(row.at),
    time_spent_seconds: row.time_spent_seconds,
    visit: row.visit,
  };
}
