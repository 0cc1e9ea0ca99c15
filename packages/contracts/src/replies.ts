import * as z from "zod";
import { envelope } from "./events.ts";
import { METRIC_KINDS } from "./metrics.ts";
import { pageOf, time } from "./shapes/common.ts";
import { apiKey, createdApiKey, pauseState, whoami } from "./views/access.ts";
import { agent, heartbeatReply, registeredAgent, registrationStep, rotatedKey, tokenReply } from "./views/agent.ts";
import { agentDetails, agentHealth, fleetHealth, foundAgents, sentMessage, statusChange } from "./views/agent-life.ts";
import { alert, alertDelivery, alertDetails, silence } from "./views/alert.ts";
import { alertRuleTested, alertRuleView } from "./views/alert-rule.ts";
import { artifact, artifactRevision } from "./views/artifact.ts";
import { auditEntry, auditKey, auditRecord } from "./views/audit.ts";
import { guardianPolicy, intervention } from "./views/guardian.ts";
import { alertRouting, notificationDeadLetter, receiver, receiverTest } from "./views/receiver.ts";
import { anomalyView, dashboard, historyView, samplesTaken, seriesView } from "./views/sample.ts";
import { switches } from "./views/switch.ts";
import { attempt, context, deadLetter, match, task, taskSummary } from "./views/task.ts";
import {
  acceptReply,
  artifactsReply,
  claimReply,
  handedInReply,
  heldTaskReply,
  ordersIfAgent,
  progressReply,
} from "./views/task-acts.ts";
import { gate, graph, phaseHistory, ticket } from "./views/ticket.ts";
import { remediation, watchdogPolicy, watchdogStatus } from "./views/watchdog.ts";
import { workflow, workflowSummary } from "./views/workflow.ts";

const madeTasks = z.object({ tasks: z.array(z.object({ ref: z.string().nullable(), task_id: z.string() })) });

/**
 * What each endpoint answers, by the name of its row; `RouteReply` compiles only if each row has its own. Not in the rows of the table, as a function that answers need not know it: a cold start would build
 * schemas for a twentieth of a second that nothing is ever held to.
 */
export const replies = {
  patchAgent: agent,
  listAgentHistory: pageOf(statusChange),
  getAgentHealth: agentHealth,
  getFleetHealth: fleetHealth,
  searchAgents: foundAgents,
  sendAgentMessage: sentMessage,
  requestKeyRotation: agent,
  restartAgent: agent,
  quarantineAgent: agent,
  releaseAgent: agent,

  registerAgent: registeredAgent,
  heartbeat: heartbeatReply,
  buyToken: tokenReply,
  rotateAgentKey: rotatedKey,
  recycleAgentToken: agent,
  listAgents: pageOf(agent),
  getAgent: agentDetails,
  getAgentRegistration: z.object({
    steps: z.array(registrationStep),
    /** What is sent to these is for the agent. */
    channels: z.array(z.string()),
    /** Where an agent opens its wake socket. */
    wake_url: z.string().nullable(),
    first_heartbeat_by: time,
  }),
  deleteAgent: agent,

  listAlertRules: pageOf(alertRuleView),
  getAlertRule: alertRuleView,
  createAlertRule: alertRuleView,
  replaceAlertRule: alertRuleView,
  deleteAlertRule: alertRuleView,
  testAlertRule: alertRuleTested,
  backtestAlertRule: alertRuleTested,

  listAlerts: pageOf(alert),
  getAlert: alertDetails,
  listAlertDeliveries: pageOf(alertDelivery),
  acknowledgeAlert: alert,
  resolveAlert: alert,
  ingestAlertmanager: z.object({ heard: z.int() }),
  listSilences: pageOf(silence),
  getSilence: silence,
  createSilence: silence,
  changeSilence: silence,
  deleteSilence: silence,

  listReceivers: pageOf(receiver),
  listReceiverDeadLetters: pageOf(notificationDeadLetter),
  redriveNotification: notificationDeadLetter,
  testReceiver: receiverTest,
  getAlertRouting: alertRouting,

  listWatchdogPolicies: pageOf(watchdogPolicy),
  listWatchdogActions: pageOf(remediation),
  getWatchdogAction: remediation,
  startWatchdogAction: remediation,
  stopWatchdogAction: remediation,
  disableWatchdogPolicy: watchdogPolicy,
  enableWatchdogPolicy: watchdogPolicy,
  pauseWatchdog: switches,
  resumeWatchdog: switches,
  getWatchdogStatus: watchdogStatus,

  intervene: intervention,
  listInterventions: pageOf(intervention),
  getIntervention: intervention,
  revertIntervention: intervention,
  listGuardianPolicies: pageOf(guardianPolicy),
  disableGuardianPolicy: guardianPolicy,
  enableGuardianPolicy: guardianPolicy,
  pauseGuardian: switches,
  resumeGuardian: switches,

  listMetrics: pageOf(
    z.object({ name: z.string(), type: z.enum(METRIC_KINDS), labels: z.array(z.string()), meaning: z.string() }),
  ),
  sendSamples: samplesTaken,
  listSeries: pageOf(seriesView),
  listAnomalies: pageOf(anomalyView),
  getMonitorDashboard: dashboard,
  listWorst: pageOf(seriesView),
  readOpenMetrics: z.string(),
  getMetricHistory: historyView,

  health: z.object({ status: z.literal("ok"), stage: z.string(), version: z.string() }),
  whoami,
  /** `more`: whether the next page can be read at once, or would have to be waited for. */
  listEvents: pageOf(envelope).extend({ more: z.boolean() }),
  listAudit: pageOf(auditEntry),
  exportAudit: pageOf(auditRecord),
  listAuditKeys: pageOf(auditKey),
  getPause: pauseState,
  pause: pauseState,
  resume: pauseState,
  createApiKey: createdApiKey,
  listApiKeys: pageOf(apiKey),
  revokeApiKey: apiKey,

  listTasks: pageOf(taskSummary),
  getTask: task,
  createTask: task,
  patchTask: task,
  resumeTask: task,
  cancelTask: task,
  retryTask: task,
  claimTasks: claimReply,
  acceptTask: acceptReply,
  progressTask: progressReply,
  completeTask: handedInReply,
  failTask: heldTaskReply,
  releaseTask: heldTaskReply,
  addTaskArtifacts: artifactsReply,
  waitTask: heldTaskReply,
  getTaskMatch: match,
  listTaskAttempts: pageOf(attempt),
  listTaskEvents: pageOf(envelope),
  listDeadLetters: pageOf(deadLetter),
  redriveDeadLetter: deadLetter,

  listWorkflows: pageOf(workflowSummary),
  getWorkflow: workflow,

  listTickets: pageOf(ticket),
  getTicket: ticket,
  createTicket: ticket,
  patchTicket: ticket,
  transitionTicket: ticket,
  blockTicket: ticket,
  unblockTicket: ticket,
  cancelTicket: ticket,
  generateTasks: madeTasks,
  createTasks: madeTasks.extend(ordersIfAgent),
  listTicketTasks: pageOf(taskSummary),
  getTicketGraph: graph,
  getTicketHistory: pageOf(phaseHistory),
  getTicketGate: gate,
  validateTicketGate: gate,
  listTicketArtifacts: pageOf(artifact),
  getTicketArtifact: artifact,
  listArtifactRevisions: pageOf(artifactRevision),
  addTicketArtifacts: z.object({ artifacts: z.array(artifact), ...ordersIfAgent }),
  getTicketContext: context,
  updateTicketContext: context.extend(ordersIfAgent),
};
