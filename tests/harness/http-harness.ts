import type { RouteRequest } from "@omoios/contracts/routes";
import type { Scope } from "@omoios/contracts/shapes/access";
import type { AgentId, ApiKeyId, Id, TaskId, TicketId } from "@omoios/kernel/ids";
import type { Fetch } from "./call-api.ts";
import { echoHarness } from "./echo-harness.ts";

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
  keyWithScopes(scopes: readonly Scope[]): Promise<string>;
  /** All that the plane stores about tickets, tasks, agents and keys, once nothing moves by itself any more. Equal text: nothing changed. */
  snapshot(): Promise<string>;
  make: {
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
    agent(): Promise<MadeAgent>;
    /** The next heartbeat that the agent would send. */
    heartbeat(agent: MadeAgent): Promise<RouteRequest<"heartbeat">["body"]>;
    /** An assertion of the agent that was not used. */
    assertion(agent: MadeAgent): Promise<string>;
    apiKey(): Promise<{ key_id: ApiKeyId }>;
  };
}

/** The plane under test. */
export async function harness(): Promise<HttpHarness> {
  return echoHarness();
}
