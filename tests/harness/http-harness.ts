import type { RouteRequest } from "@omoios/contracts/routes";
import type {
  AgentId,
  AlertId,
  ApiKeyId,
  Id,
  InterventionId,
  NotificationId,
  RemediationId,
  SilenceId,
  TaskId,
  TicketId,
} from "@omoios/kernel/ids";
import type { Fetch } from "./call-api.ts";
import { heldFetch } from "./held-to-table.ts";
import { makersOf } from "./makers.ts";
import { startTestPlane, type TestPlane } from "./plane.ts";
import { contentOf } from "./table-content.ts";

export interface MadeAgent {
  agent_id: AgentId;
  token: string;
}

export interface MadeTask {
  task_id: TaskId;
  ticket_id: TicketId;
}

/** A task in an agent's hands, with what the agent needs to act on it. */
export interface HeldTask extends MadeTask {
  fence: number;
  agent: MadeAgent;
}

/** A plane to call, and what a call may need to be there. Everything made is new: no test meets another's. */
export interface HttpHarness {
  fetch: Fetch;
  operator_key: string;
  /** Of a key whose scope no route that is written to asks for. */
  other_scopes_key: string;
  /** Of a key with every scope, and no more authority than an agent. */
  low_authority_key: string;
  /** An agent that holds nothing. */
  bystander: MadeAgent;
  /** What the plane stores about tickets, tasks, agents and keys. Equal text: nothing changed. */
  snapshot(): Promise<string>;
  /** The snapshot once everything that follows from what was done has happened. */
  settled(): Promise<string>;
  make: Makers;
  stop(): Promise<void>;
}

export interface Makers {
  /** In its first working phase. */
  ticket(): Promise<{ ticket_id: TicketId }>;
  /** In the backlog. */
  backlogTicket(): Promise<{ ticket_id: TicketId }>;
  blockedTicket(): Promise<{ ticket_id: TicketId }>;
  /** Ready. */
  task(): Promise<MadeTask>;
  heldTask(): Promise<HeldTask>;
  failedTask(): Promise<MadeTask>;
  waitingTask(): Promise<MadeTask>;
  deadLetter(): Promise<{ dead_letter_id: Id<"deadLetter"> }>;
  /** Past its first heartbeat, with an access token. */
  agent(capacity?: number): Promise<MadeAgent>;
  quarantinedAgent(): Promise<MadeAgent>;
  /** The next heartbeat that the agent would send. */
  heartbeat(agent: MadeAgent): Promise<RouteRequest<"heartbeat">["body"]>;
  /** An assertion of the agent that was not used. */
  assertion(agent: MadeAgent): Promise<string>;
  apiKey(): Promise<{ key_id: ApiKeyId }>;
  /** That fires. */
  alert(): Promise<{ alert_id: AlertId }>;
  silence(): Promise<{ silence_id: SilenceId }>;
  /** Of the shipped routing's receiver. */
  notificationDeadLetter(): Promise<{ name: string; notification_id: NotificationId }>;
  remediation(): Promise<{ remediation_id: RemediationId }>;
  /** That can be reverted. */
  intervention(): Promise<{ action_id: InterventionId }>;
}

/** A whole plane in which no time passes, so that a difference between two snapshots is the doing of a request. */
export async function harness(): Promise<HttpHarness> {
  const plane = await startTestPlane({}, { timeless: true });
  const make = makersOf(plane);
  const { api_key } = await plane.operator.createApiKey({ body: { name: "other scopes", scopes: ["guardian:read"] } });
  const low = await plane.operator.createApiKey({ body: { name: "low authority", scopes: ["admin"] } });
  const content = contentOf(plane);
  return {
    fetch: (request) => forward(plane, request),
    operator_key: plane.operator_key,
    other_scopes_key: api_key,
    low_authority_key: low.api_key,
    bystander: await make.agent(),
    ...content,
    make,
    stop: plane.stop,
  };
}

async function forward({ url }: TestPlane, request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const body = request.body === null ? {} : { body: await request.text() };
  return heldFetch(`${url}${pathname}${search}`, { method: request.method, headers: request.headers, ...body });
}
