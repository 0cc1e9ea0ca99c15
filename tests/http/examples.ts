import type { RouteName, RouteRequest, routes } from "@omoios/contracts/routes";
import { generateAgentKey } from "@omoios/sdk/agent-key";
import { callApi } from "../harness/call-api.ts";
import type { HeldTask, HttpHarness } from "../harness/http-harness.ts";

type Method<N extends RouteName> = (typeof routes)[N]["method"];
export type WriteRoute = { [N in RouteName]: Method<N> extends "GET" ? never : N }[RouteName];

/** A call that its route takes. */
interface Example<N extends WriteRoute> {
  key: string | undefined;
  params: RouteRequest<N>["params"];
  body: RouteRequest<N>["body"];
}

type Examples = { readonly [N in WriteRoute]: (plane: HttpHarness) => Promise<Example<N>> };

/** What a verb on a held task needs, with the rest of its body. */
async function held<B>({ make }: HttpHarness, body: (task: HeldTask) => B) {
  const task = await make.heldTask();
  return { key: task.agent.token, params: { task_id: task.task_id }, body: body(task) };
}

const ticketCall = async <B>({ operator_key: key, make }: HttpHarness, body: B) => ({
  key,
  params: await make.ticket(),
  body,
});
const taskCall = async <B>(key: string, task: Promise<{ task_id: string }>, body: B) => ({
  key,
  params: { task_id: (await task).task_id },
  body,
});

const artifacts = [{ type: "requirements_document", path: "docs/requirements.md", content: "# What it must do" }];
const reason = "Tried by a test";

const queueRule = (name: string) => ({
  name,
  metric: "tasks_queued_total",
  condition: "value > 1000000",
  severity: "warning" as const,
});
async function madeRule({ fetch, operator_key: key }: HttpHarness, name: string): Promise<string> {
  await callApi(fetch, "POST", "/alert-rules", { key, body: queueRule(name) });
  return name;
}

/** One call for each write route that it takes as it is. A route without one does not compile. */
export const examples: Examples = {
  createTicket: async (plane) => ({
    key: plane.operator_key,
    params: {},
    body: { title: "A ticket", labels: ["a"], priority: "LOW", tasks: [{ ref: "a", title: "A task" }] },
  }),
  patchTicket: (plane) => ticketCall(plane, { title: "Another title", labels: ["b"] }),
  transitionTicket: async ({ operator_key: key, make }) => ({
    key,
    params: await make.backlogTicket(),
    body: { to_phase: "PHASE_REQUIREMENTS", reason },
  }),
  blockTicket: (plane) => ticketCall(plane, { reason }),
  unblockTicket: async ({ operator_key: key, make }) => ({ key, params: await make.blockedTicket(), body: { reason } }),
  cancelTicket: (plane) => ticketCall(plane, { reason }),
  generateTasks: (plane) => ticketCall(plane, {}),
  createTasks: async ({ operator_key: key, make }) => {
    const { ticket_id, task_id } = await make.task();
    const tasks = [
      { ref: "a", title: "First" },
      { title: "Second", depends_on: ["a", task_id], parent_task_id: task_id },
    ];
    return { key, params: { ticket_id }, body: { tasks } };
  },
  validateTicketGate: (plane) => ticketCall(plane, undefined),
  addTicketArtifacts: (plane) => ticketCall(plane, { artifacts }),
  updateTicketContext: (plane) => ticketCall(plane, { notes: ["Mind the edges"] }),

  createTask: async ({ operator_key: key, make }) => {
    const { ticket_id, task_id } = await make.task();
    return { key, params: {}, body: { ticket_id, title: "A task", depends_on: [task_id], parent_task_id: task_id } };
  },
  patchTask: ({ operator_key, make }) => taskCall(operator_key, make.task(), { priority: "HIGH" }),
  claimTasks: async ({ make }) => {
    await make.task();
    return { key: (await make.agent()).token, params: {}, body: { max: 1 } };
  },
  acceptTask: (plane) => held(plane, ({ fence }) => ({ fence })),
  progressTask: (plane) => held(plane, ({ fence }) => ({ fence, percent: 50, note: "Half way" })),
  completeTask: (plane) => held(plane, ({ fence }) => ({ fence, result: { success: true, artifacts } })),
  failTask: (plane) => held(plane, ({ fence }) => ({ fence, error: { message: "The build broke" } })),
  releaseTask: (plane) => held(plane, ({ fence }) => ({ fence, reason })),
  addTaskArtifacts: (plane) => held(plane, ({ fence }) => ({ fence, artifacts })),
  waitTask: (plane) => held(plane, ({ fence }) => ({ fence, question: "Which of the two?" })),
  resumeTask: ({ operator_key, make }) => taskCall(operator_key, make.waitingTask(), { answer: "The first." }),
  cancelTask: ({ operator_key, make }) => taskCall(operator_key, make.task(), { reason }),
  retryTask: ({ operator_key, make }) => taskCall(operator_key, make.failedTask(), { reason }),
  redriveDeadLetter: async ({ operator_key: key, make }) => ({
    key,
    params: await make.deadLetter(),
    body: undefined,
  }),

  registerAgent: async ({ operator_key: key, make }) => ({
    key,
    params: {},
    body: {
      agent_type: "worker",
      phase_ids: ["PHASE_IMPLEMENTATION"],
      capabilities: ["lang:ts"],
      version: "1.0.0",
      replaces: (await make.agent()).agent_id,
    },
  }),
  heartbeat: async ({ make }) => {
    const agent = await make.agent();
    return { key: agent.token, params: { agent_id: agent.agent_id }, body: await make.heartbeat(agent) };
  },
  buyToken: async ({ make }) => {
    const agent = await make.agent();
    return { key: undefined, params: { agent_id: agent.agent_id }, body: { assertion: await make.assertion(agent) } };
  },
  patchAgent: async ({ make }) => {
    const { agent_id, token: key } = await make.agent();
    const body = { capabilities: ["lang:ts", "terraform"], capacity: 2, tags: ["blue"], owner: "team-a" };
    return { key, params: { agent_id }, body: { ...body, phase_ids: ["PHASE_IMPLEMENTATION"] } };
  },
  sendAgentMessage: async ({ operator_key: key }) => ({
    key,
    params: {},
    body: { channel: "phase:PHASE_IMPLEMENTATION", body: "Mind the new style" },
  }),
  requestKeyRotation: async ({ operator_key: key, make }) => {
    const { agent_id } = await make.agent();
    return { key, params: { agent_id }, body: { reason } };
  },
  restartAgent: async ({ operator_key: key, make }) => {
    const { agent_id } = await make.agent();
    return { key, params: { agent_id }, body: { reason } };
  },
  quarantineAgent: async ({ operator_key: key, make }) => {
    const { agent_id } = await make.agent();
    return { key, params: { agent_id }, body: { reason, force: false } };
  },
  releaseAgent: async ({ operator_key: key, make }) => {
    const { agent_id } = await make.quarantinedAgent();
    return { key, params: { agent_id }, body: { note: reason } };
  },
  rotateAgentKey: async ({ make }) => {
    const { agent_id, token } = await make.agent();
    return { key: token, params: { agent_id }, body: { public_key: (await generateAgentKey()).public_key } };
  },
  recycleAgentToken: async ({ operator_key: key, make }) => {
    const { agent_id } = await make.agent();
    return { key, params: { agent_id }, body: { reason } };
  },
  deleteAgent: async ({ make }) => {
    const { agent_id, token } = await make.agent();
    return { key: token, params: { agent_id }, body: { reason } };
  },

  sendSamples: async ({ operator_key: key }) => ({
    key,
    params: {},
    body: { samples: [{ metric_name: "tasks_queued_total", value: 3, labels: { priority: "HIGH" } }] },
  }),
  createAlertRule: async ({ operator_key: key }) => ({ key, params: {}, body: queueRule("queue_is_long") }),
  replaceAlertRule: async (plane) => {
    const name = await madeRule(plane, "replaced_rule");
    return { key: plane.operator_key, params: { name }, body: { ...queueRule(name), severity: "critical" } };
  },
  deleteAlertRule: async (plane) => ({
    key: plane.operator_key,
    params: { name: await madeRule(plane, "deleted_rule") },
    body: undefined,
  }),
  backtestAlertRule: async ({ operator_key: key }) => ({
    key,
    params: {},
    body: {
      rule: { name: "a", metric: "agent.anomaly_score", condition: "value > 0.5", severity: "error" },
      from: "2026-01-05T10:00:00Z",
      to: "2026-01-05T11:00:00Z",
      labels: { agent_id: "a1" },
    },
  }),
  testAlertRule: async ({ operator_key: key }) => ({
    key,
    params: {},
    body: {
      rule: { name: "a", metric: "agent.anomaly_score", condition: "value > 0.5", severity: "error" },
      start: "2026-01-05T10:00:00Z",
      evaluation_interval: "1m",
      series: [
        { metric_name: "agent.anomaly_score", labels: { agent_id: "a1" }, values: [0, 1, null], interval: "1m" },
      ],
    },
  }),
  acknowledgeAlert: async ({ operator_key: key, make }) => ({
    key,
    params: await make.alert(),
    body: { note: reason },
  }),
  resolveAlert: async ({ operator_key: key, make }) => ({ key, params: await make.alert(), body: { note: reason } }),
  ingestAlertmanager: async ({ operator_key: key }) => ({
    key,
    params: {},
    body: {
      version: "4",
      alerts: [{ status: "firing", labels: { alertname: "disk_full", host: "b1" }, annotations: { summary: "Full" } }],
    },
  }),
  createSilence: async ({ operator_key: key }) => ({
    key,
    params: {},
    body: {
      matchers: ['agent_id="a1"'],
      starts_at: "2026-01-01T00:00:00Z",
      recurring: { weekdays: ["monday:friday"], hours: ["18:00-24:00"], zone: "Europe/Berlin" },
      comment: reason,
    },
  }),
  redriveNotification: async ({ operator_key: key, make }) => ({
    key,
    params: await make.notificationDeadLetter(),
    body: { reason },
  }),
  testReceiver: async ({ operator_key: key }) => ({ key, params: { name: "mail" }, body: undefined }),
  startWatchdogAction: async ({ operator_key: key, make }) => ({
    key,
    params: {},
    body: { action: "quarantine", target: { kind: "agent", id: (await make.agent()).agent_id }, reason },
  }),
  stopWatchdogAction: async ({ operator_key: key, make }) => ({
    key,
    params: await make.remediation(),
    body: { reason },
  }),
  disableWatchdogPolicy: async ({ operator_key: key }) => ({
    key,
    params: { policy: "queue_scale_out" },
    body: { reason },
  }),
  enableWatchdogPolicy: async ({ operator_key: key }) => ({
    key,
    params: { policy: "queue_scale_out" },
    body: { reason },
  }),
  pauseWatchdog: async ({ operator_key: key }) => ({ key, params: {}, body: { reason } }),
  resumeWatchdog: async ({ operator_key: key }) => ({ key, params: {}, body: { reason } }),
  changeSilence: async ({ operator_key: key, make }) => ({
    key,
    params: await make.silence(),
    body: { ends_at: "2999-01-01T00:00:00Z", comment: reason },
  }),
  deleteSilence: async ({ operator_key: key, make }) => ({ key, params: await make.silence(), body: undefined }),

  intervene: async ({ operator_key: key, make }) => {
    const [giver, taker] = [await make.agent(2), await make.agent()];
    const target = { kind: "agent" as const, id: giver.agent_id };
    const parameters = { to_agent_id: taker.agent_id, amount: 1 };
    return { key, params: {}, body: { action: "reallocate_capacity", target, parameters, reason } };
  },
  revertIntervention: async ({ operator_key: key, make }) => ({
    key,
    params: await make.intervention(),
    body: { reason },
  }),
  disableGuardianPolicy: async ({ operator_key: key }) => ({ key, params: { policy: "emergency" }, body: { reason } }),
  enableGuardianPolicy: async ({ operator_key: key }) => ({ key, params: { policy: "emergency" }, body: { reason } }),
  pauseGuardian: async ({ operator_key: key }) => ({ key, params: {}, body: { reason } }),
  resumeGuardian: async ({ operator_key: key }) => ({ key, params: {}, body: { reason } }),

  pause: async ({ operator_key: key }) => ({ key, params: {}, body: { reason } }),
  resume: async ({ operator_key: key }) => ({ key, params: {}, body: { reason } }),
  createApiKey: async ({ operator_key: key }) => ({ key, params: {}, body: { name: "ci", scopes: ["tickets:read"] } }),
  revokeApiKey: async ({ operator_key: key, make }) => ({ key, params: await make.apiKey(), body: undefined }),
};
