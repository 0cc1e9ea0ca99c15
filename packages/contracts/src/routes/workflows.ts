import { type PathParam, table } from "./route.ts";

const WORKFLOW: Readonly<Record<"name", PathParam>> = { name: { kind: "workflow", missing: "workflow.not_found" } };
const read = {
  method: "GET",
  tag: "tickets",
  who: ["operator", "agent"],
  scope: "tickets:read",
  status: 200,
  problems: [],
} as const;

export const workflowRoutes = table({
  listWorkflows: {
    ...read,
    path: "/workflows",
    summary: "The workflows of the stage, by name",
    params: {},
  },
  getWorkflow: {
    ...read,
    path: "/workflows/{name}",
    summary: "A workflow with its phases; as YAML it is the file as it was written",
    params: WORKFLOW,
    text_type: "application/yaml",
  },
});
