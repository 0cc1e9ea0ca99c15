import type { Staging } from "../store.ts";
import type { TaskParts } from "../tasks/parts.ts";
import type { Workflow } from "./workflow.ts";

/** What the verbs of the tickets room work with. */
export interface TicketParts extends TaskParts {
  staging: Staging;
  /** The workflows of the stage, by their ids. */
  workflows: ReadonlyMap<string, Workflow>;
}

/** The workflow of a ticket that names none. */
export const DEFAULT_WORKFLOW = "software_development";
