import type { ConfigIssue } from "../config/positions.ts";
import { type ConfigRead, readYaml } from "../config/read.ts";
import { renderYaml } from "../config/render.ts";
import { rewriteYaml } from "../config/write.ts";
import { type Workflow, workflow } from "./workflow.ts";
import { checkWorkflow } from "./workflow-checks.ts";

/**
 * Reads a workflow's file. The faults are lines `file:line:column text`.
 * @param taken ids that other files gave their workflows
 */
export function readWorkflow(text: string, file: string, taken: readonly string[] = []): ConfigRead<Workflow> {
  return readYaml(text, file, workflow, {
    parts: (parts, isUnsure) => [...checkWorkflow(parts, isUnsure), ...checkId(parts?.id, taken)],
  });
}

/** The workflow as YAML: the given text with what changed, or a new one where there is none. Reading it gives the same workflow. */
export function writeWorkflow(value: Workflow, text?: string): string {
  return text === undefined ? renderYaml(value) : rewriteYaml(text, value, (raw) => workflow.safeParse(raw).data);
}

function checkId(id: string | undefined, taken: readonly string[]): ConfigIssue[] {
  if (id === undefined || !taken.includes(id)) return [];
  return [{ path: ["id"], message: `there is a workflow ${id} already, in another file` }];
}
