import type { Change, RequestContext } from "../commit.ts";
import type { TaskRow } from "../tasks/model.ts";
import type { Reopening } from "../tasks/operator.ts";
import { counted } from "./counting.ts";
import { visitFor } from "./left-phases.ts";
import type { TicketParts } from "./parts.ts";
import { openTicketOf } from "./reads.ts";

/**
 * What a retry adds: the task counts as open again for its phase's gate, and its ticket must be open. It belongs to the visit in which it
 * comes back: one that was cancelled as its phase was left counts for the visit that its operator wants it in.
 */
export function reopeningOf(parts: TicketParts): Reopening {
  return {
    async reopen(_ctx: RequestContext, task: TaskRow): Promise<{ visit: number; changes: Change[] }> {
      const ticket = await openTicketOf(parts, task.ticket_id);
      const visit = visitFor(ticket, task.phase_id);
      const after =
        visit === task.visit
          ? { ...ticket, evidence_version: ticket.evidence_version + 1 }
          : counted(ticket, [{ task }], true);
      const open = {
        version: 0,
        ticket_id: task.ticket_id,
        phase_id: task.phase_id,
        n: task.n,
        task_id: task.task_id,
        opened_at_version: task.version + 1,
      };
      const changes: Change[] = [
        { kind: "ticket", before: ticket, after },
        { kind: "open_task", after: open, overwrite: true },
      ];
      return { visit, changes };
    },
  };
}
