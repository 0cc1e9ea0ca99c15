import { jsonBytes } from "@omoios/contracts/shapes/size";
import type { TaskContext } from "@omoios/contracts/views/task";
import type { OwnContext } from "../tasks/parts.ts";
import { compileContext } from "./context.ts";
import { tokensOf } from "./tokens.ts";

/**
 * A ticket's context with a task's own in it: feedback, errors, answers and handoffs go before what earlier phases said, and the whole
 * stays within the ticket's budget. What the ticket's context had cut before is still said.
 */
export function fitContext(ticket: TaskContext, own: OwnContext): TaskContext {
  if (own.notes.length + own.handoffs.length + own.feedback.length + own.errors.length === 0) return ticket;
  const cutBefore = ticket.cut.length === 0 ? 0 : tokensOf(jsonBytes(ticket.cut));
  const fitted = compileContext(
    {
      outputs: [
        ...ticket.summaries.map((summary) => ({ summary })),
        { decisions: ticket.decisions, risks: ticket.risks, notes: ticket.notes },
      ],
      artifacts: ticket.artifacts,
      handoffs: [...ticket.handoffs, ...own.handoffs],
      feedback: [...ticket.feedback, ...own.feedback],
      errors: [...ticket.errors, ...own.errors],
      notes: own.notes,
    },
    ticket.budget_tokens - cutBefore,
  );
  return {
    ...fitted,
    budget_tokens: ticket.budget_tokens,
    tokens: fitted.tokens + cutBefore,
    cut: [...ticket.cut, ...fitted.cut],
  };
}
