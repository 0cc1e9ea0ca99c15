import type { NewTask } from "@omoios/contracts/shapes/new-task";
import type { createTicket } from "@omoios/contracts/shapes/ticket";
import { isId } from "@omoios/kernel/ids";
import type { Fault, Problem } from "@omoios/kernel/problem";
import type * as z from "zod";
import type { Parts } from "../config/well-formed.ts";
import { inTasks, judgeTasks, type PlaceOf } from "./judge-tasks.ts";
import { workflowUnknown } from "./open-ticket.ts";
import { DEFAULT_WORKFLOW, type TicketParts } from "./parts.ts";

const faultsOf = (problems: readonly Problem[]): Fault[] => problems.flatMap(({ errors }) => errors ?? []);

/** What stands against what can be read of a ticket that has not its shape. */
export async function judgeReadableTicket(
  parts: TicketParts,
  given: Parts<z.output<ReturnType<typeof createTicket>>>,
): Promise<Fault[]> {
  const { workflow: name, tasks = [] } = given;
  const isNamed = name !== undefined || !Object.hasOwn(given, "workflow");
  const workflow = isNamed ? parts.workflows.get(name ?? DEFAULT_WORKFLOW) : undefined;
  const unknown = isNamed && workflow === undefined ? [workflowUnknown(parts, name)] : [];
  return faultsOf([...unknown, ...(await judgeTasks(parts, tasks, { workflow, at: inTasks, partly: true }))]);
}

/** The same of tasks for a ticket; whether that is there is for others to say. */
export async function judgeReadableTasks(
  parts: TicketParts,
  ticket_id: string | undefined,
  tasks: readonly (Parts<NewTask> | undefined)[],
  at: PlaceOf = inTasks,
): Promise<Fault[]> {
  const id = ticket_id ?? "";
  const ticket = isId("ticket", id) ? await parts.store.get("ticket", { ticket_id: id }) : undefined;
  const workflow = ticket && parts.workflows.get(ticket.workflow);
  return faultsOf(await judgeTasks(parts, tasks, { workflow, at, partly: true }));
}
