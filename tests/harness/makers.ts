import { randomUUID } from "node:crypto";
import { systemClock } from "@omoios/kernel/clock";
import type { AgentId, ApiKeyId, Id, TaskId, TicketId } from "@omoios/kernel/ids";
import { createAgent } from "@omoios/sdk/agent";
import { type AssertionSigner, assertionSigner } from "@omoios/sdk/assertion";
import { heartbeatChecksum } from "@omoios/sdk/checksum";
import { createClient } from "@omoios/sdk/client";
import { registerAgent } from "@omoios/sdk/register-agent";
import { defaultRetry } from "@omoios/sdk/retry";
import type { HeldTask, MadeAgent, MadeTask, Makers } from "./http-harness.ts";
import type { TestPlane } from "./plane.ts";
import { undeliveredOn } from "./undelivered.ts";
import { until } from "./until.ts";

const PHASE = "PHASE_IMPLEMENTATION";

/** Makes what calls need through the API itself. Each task has a need of its own, so that only its own agent takes it. */
export function makersOf(plane: TestPlane): Makers {
  const { url, operator } = plane;
  const signers = new Map<string, AssertionSigner>();
  const need = () => randomUUID();

  const agent = async (capability = need(), capacity = 1): Promise<MadeAgent> => {
    const { identity } = await registerAgent(operator, {
      agent_type: "worker",
      version: "1.0.0",
      phase_ids: [PHASE],
      capabilities: [capability],
      capacity,
    });
    await createAgent({ url, ...identity }).start();
    const signer = assertionSigner(identity, systemClock, defaultRetry);
    signers.set(identity.agent_id, signer);
    const params = { agent_id: identity.agent_id };
    const bought = await signer.withAssertion((assertion) =>
      createClient({ url }).buyToken({ params, body: { assertion } }),
    );
    return { agent_id: identity.agent_id as AgentId, token: bought.access_token };
  };

  const ticket = async (start = true) => {
    const { ticket_id } = await operator.createTicket({ body: { title: "A ticket", start } });
    return { ticket_id: ticket_id as TicketId };
  };

  const task = async (capability = need()): Promise<MadeTask> => {
    const { ticket_id } = await ticket(false);
    const body = { ticket_id, title: "A task", phase_id: PHASE, required_capabilities: [capability] };
    return { ticket_id, task_id: (await operator.createTask({ body })).task_id as TaskId };
  };

  const heldTask = async (): Promise<HeldTask> => {
    const capability = need();
    const [made, holder] = [await task(capability), await agent(capability)];
    const client = clientOf(url, holder);
    const claimed = await until("the task was claimed", async () => {
      const { tasks } = await client.claimTasks({ body: {} });
      return tasks[0];
    });
    return { ...made, fence: claimed.fence, agent: holder };
  };

  const failedTask = async (): Promise<MadeTask> => {
    const { task_id, ticket_id, fence, agent: holder } = await heldTask();
    const error = { message: "It will never work", retryable: false };
    await clientOf(url, holder).failTask({ params: { task_id }, body: { fence, error } });
    return { task_id, ticket_id };
  };

  return {
    ticket: () => ticket(),
    backlogTicket: () => ticket(false),
    async blockedTicket() {
      const params = await ticket();
      await operator.blockTicket({ params, body: { reason: "Held by a test" } });
      return params;
    },
    task: () => task(),
    heldTask,
    failedTask,
    async waitingTask() {
      const { task_id, ticket_id, fence, agent: holder } = await heldTask();
      await clientOf(url, holder).waitTask({ params: { task_id }, body: { fence, question: "Which?" } });
      return { task_id, ticket_id };
    },
    async deadLetter() {
      const { task_id } = await failedTask();
      const { items } = await operator.listDeadLetters();
      const row = items.find((letter) => letter.task_id === task_id);
      if (row === undefined) throw new Error(`${task_id} failed and is no dead letter`);
      return { dead_letter_id: row.id as Id<"deadLetter"> };
    },
    agent: (capacity) => agent(need(), capacity),
    async quarantinedAgent() {
      const made = await agent();
      await operator.quarantineAgent({ params: { agent_id: made.agent_id }, body: { reason: "Held by a test" } });
      return made;
    },
    async heartbeat() {
      const fields = { sequence_number: 2, status: "IDLE" as const, current_task_ids: [], health_metrics: {} };
      return { ...fields, checksum: await heartbeatChecksum(fields) };
    },
    async assertion({ agent_id }) {
      const signer = signers.get(agent_id);
      if (signer === undefined) throw new Error(`${agent_id} was not made here`);
      return signer.withAssertion(async (assertion) => assertion);
    },
    notificationDeadLetter: () => undeliveredOn(plane, "mail"),
    async alert() {
      const host = need();
      const alerts = [{ status: "firing" as const, labels: { alertname: "made_by_a_test", host } }];
      await operator.ingestAlertmanager({ body: { version: "4", alerts } });
      const { items } = await operator.listAlerts({ query: { matcher: `host="${host}"` } });
      const [made] = items;
      if (made === undefined) throw new Error(`No alert of ${host} fires`);
      return { alert_id: made.alert_id };
    },
    async silence() {
      const ends_at = "2999-01-01T00:00:00Z";
      const body = { matchers: [`host="${need()}"`], ends_at, comment: "Made by a test" };
      return { silence_id: (await operator.createSilence({ body })).silence_id };
    },
    async intervention() {
      const { task_id } = await task();
      const target = { kind: "task" as const, id: task_id };
      const body = { action: "override_priority" as const, target, parameters: { priority: "CRITICAL" as const } };
      const { action_id } = await operator.intervene({ body: { ...body, reason: "Made by a test" } });
      return { action_id };
    },
    async remediation() {
      const target = { kind: "agent" as const, id: (await agent()).agent_id };
      const body = { action: "restart" as const, target, reason: "Made by a test" };
      const { remediation_id } = await operator.startWatchdogAction({ body });
      return { remediation_id };
    },
    async apiKey() {
      const { key_id } = await operator.createApiKey({ body: { name: "made by a test", scopes: ["tasks:read"] } });
      return { key_id: key_id as ApiKeyId };
    },
  };
}

function clientOf(url: string, { token }: MadeAgent) {
  return createClient({ url, bearer: { token: () => token } });
}
