import type { Change, RequestContext } from "../commit.ts";
import type { TaskRow } from "../tasks/model.ts";
import type { Reopening } from "../tasks/operator.ts";
import type { TicketParts } from "./parts.ts";
import { openTicketOf } from "./reads.ts";

/** What a retry adds: the task counts as open again for its phase's gate, and its ticket must be open. */
export function reopeningOf(parts: TicketParts): Reopening {
  return {
    async changes(_ctx: RequestContext, task: TaskRow): Promise<Change[]> {
      const ticket = await openTicketOf(parts, task.ticket_id);
      const after = { ...ticket, evidence_version: ticket.evidence_version + 1 };
      const open = {
        version: 0,
        ticket_id: task.ticket_id,
        phase_id: task.phase_id,
        n: task.n,
        task_id: task.task_id,
        opened_at_version: task.version + 1,
      };
      return [
        { kind: "ticket", before: ticket, after },
        { kind: "open_task", after: open, overwrite: true },
      ];
    },
  };
}
