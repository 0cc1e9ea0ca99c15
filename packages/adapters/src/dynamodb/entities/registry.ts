import type { RowKind } from "@omoios/domain/rows";
import { accessEntities, agentEntities } from "./agents.ts";
import { taskEntities } from "./tasks.ts";
import { ticketEntities } from "./tickets.ts";

/** The entity of every kind of row: the only place where keys of the state table are made. */
export const entities = { ...ticketEntities, ...taskEntities, ...agentEntities, ...accessEntities } satisfies Record<
  RowKind,
  unknown
>;
