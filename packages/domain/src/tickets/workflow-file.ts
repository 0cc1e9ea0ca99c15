import { type ConfigRead, readYaml } from "../config/read.ts";
import { renderYaml } from "../config/render.ts";
import { rewriteYaml } from "../config/write.ts";
import { type Workflow, workflow } from "./workflow.ts";
import { checkWorkflow } from "./workflow-checks.ts";

/** Reads a workflow's file. The faults are lines `file:line:column text`. */
export function readWorkflow(text: string, file: string): ConfigRead<Workflow> {
  return readYaml(text, file, workflow, { parts: checkWorkflow });
}

/** The workflow as YAML: the given text with what changed, or a new one where there is none. Reading it gives the same workflow. */
export function writeWorkflow(value: Workflow, text?: string): string {
  return text === undefined ? renderYaml(value) : rewriteYaml(text, value, (raw) => workflow.safeParse(raw).data);
}
