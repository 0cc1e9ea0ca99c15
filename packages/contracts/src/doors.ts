/** How callers come in: routes of the HTTP API, and the WebSocket API. As plain as the topology, of which it is a part. */
import type { HttpRow, SocketRow } from "./topology-types.ts";

/** The agents' hot path has its own function; all else goes to the control function. */
export const http: readonly HttpRow[] = [
  { function: "api-agents", route: "POST /api/v1/tasks/claim" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/accept" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/progress" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/complete" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/fail" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/release" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/artifacts" },
  { function: "api-agents", route: "POST /api/v1/tasks/{task_id}/wait" },
  { function: "api-agents", route: "POST /api/v1/agents/{agent_id}/heartbeat" },
  { function: "api-agents", route: "POST /api/v1/agents/{agent_id}/token" },
  { function: "api-control", route: "$default" },
];

/** Each is a WebSocket API whose `$connect` and `$disconnect` go to the function. Nothing that a client sends is read. */
export const sockets = [
  { name: "wake", purpose: "Agents hold it to be told that there is work", function: "wake" },
] as const satisfies readonly SocketRow[];
