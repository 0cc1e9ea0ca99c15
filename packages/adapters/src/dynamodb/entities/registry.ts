import type { RowKind } from "@omoios/domain/rows";
import { accessEntities, agentEntities, monitorEntities, ruleEntities } from "./agents.ts";
import { alertEntities } from "./alerts.ts";
import { guardianEntities } from "./guardian.ts";
import type { Kind } from "./model.ts";
import { taskEntities } from "./tasks.ts";
import { ticketEntities } from "./tickets.ts";
import { watchdogEntities } from "./watchdog.ts";

/** Every kind of row: the only place where keys of the state table are made. */
export const entities: Readonly<Record<RowKind, Kind>> = {
  ...ticketEntities,
  ...taskEntities,
  ...agentEntities,
  ...accessEntities,
  ...alertEntities,
  ...ruleEntities,
  ...monitorEntities,
  ...watchdogEntities,
  ...guardianEntities,
};
