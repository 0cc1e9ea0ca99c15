import type { CommandRow } from "./command.ts";
import { agentList } from "./commands/agent/list.ts";
import { agentMessage } from "./commands/agent/message.ts";
import { agentRegister } from "./commands/agent/register.ts";
import { agentRemove } from "./commands/agent/remove.ts";
import { agentRotateKey } from "./commands/agent/rotate-key.ts";
import { agentRun } from "./commands/agent/run.ts";
import { agentSearch } from "./commands/agent/search.ts";
import { agentShow } from "./commands/agent/show.ts";
import { alertAck } from "./commands/alert/ack.ts";
import { alertList } from "./commands/alert/list.ts";
import { alertResolve } from "./commands/alert/resolve.ts";
import { alertRoute } from "./commands/alert/route.ts";
import { alertShow } from "./commands/alert/show.ts";
import { auditExport } from "./commands/audit/export.ts";
import { auditList } from "./commands/audit/list.ts";
import { auditVerify } from "./commands/audit/verify.ts";
import { deadLettersList } from "./commands/dead-letters/list.ts";
import { deadLettersRedrive } from "./commands/dead-letters/redrive.ts";
import { detectorInfo } from "./commands/detector/info.ts";
import { detectorScore } from "./commands/detector/score.ts";
import { doctor } from "./commands/doctor.ts";
import { events } from "./commands/events.ts";
import { gamedayPrepare } from "./commands/gameday/prepare.ts";
import { gamedayRun } from "./commands/gameday/run.ts";
import { guardianAct } from "./commands/guardian/act.ts";
import { guardianList } from "./commands/guardian/list.ts";
import { guardianPolicies } from "./commands/guardian/policies.ts";
import { guardianRevert } from "./commands/guardian/revert.ts";
import { guardianShow } from "./commands/guardian/show.ts";
import { guardianDisable, guardianEnable, guardianPause, guardianResume } from "./commands/guardian/switch.ts";
import { keysCreate } from "./commands/keys/create.ts";
import { keysList } from "./commands/keys/list.ts";
import { keysRevoke } from "./commands/keys/revoke.ts";
import { logs } from "./commands/logs.ts";
import { monitorAnomalies } from "./commands/monitor/anomalies.ts";
import { monitorDashboard } from "./commands/monitor/dashboard.ts";
import { monitorHistory } from "./commands/monitor/history.ts";
import { monitorMetrics } from "./commands/monitor/metrics.ts";
import { monitorTop } from "./commands/monitor/top.ts";
import { pause } from "./commands/pause.ts";
import { profile } from "./commands/profile.ts";
import { receiversDeadLetters } from "./commands/receivers/dead-letters.ts";
import { receiversList } from "./commands/receivers/list.ts";
import { receiversRedrive } from "./commands/receivers/redrive.ts";
import { receiversTest } from "./commands/receivers/test.ts";
import { resume } from "./commands/resume.ts";
import { rulesBacktest } from "./commands/rules/backtest.ts";
import { rulesCheck } from "./commands/rules/check.ts";
import { rulesCreate } from "./commands/rules/create.ts";
import { rulesDelete } from "./commands/rules/delete.ts";
import { rulesDisable, rulesEnable } from "./commands/rules/enabled.ts";
import { rulesList } from "./commands/rules/list.ts";
import { rulesPut } from "./commands/rules/put.ts";
import { rulesShow } from "./commands/rules/show.ts";
import { rulesTest } from "./commands/rules/test.ts";
import { secretsList } from "./commands/secrets/list.ts";
import { secretsSet } from "./commands/secrets/set.ts";
import { silenceAdd } from "./commands/silence/add.ts";
import { silenceChange } from "./commands/silence/change.ts";
import { silenceEnd } from "./commands/silence/end.ts";
import { silenceList } from "./commands/silence/list.ts";
import { status } from "./commands/status.ts";
import { taskAttempts } from "./commands/task/attempts.ts";
import { taskCancel } from "./commands/task/cancel.ts";
import { taskCreate } from "./commands/task/create.ts";
import { taskEdit } from "./commands/task/edit.ts";
import { taskEvents } from "./commands/task/events.ts";
import { taskList } from "./commands/task/list.ts";
import { taskMatch } from "./commands/task/match.ts";
import { taskResume } from "./commands/task/resume.ts";
import { taskRetry } from "./commands/task/retry.ts";
import { taskShow } from "./commands/task/show.ts";
import { ticketArtifact } from "./commands/ticket/artifact.ts";
import { ticketArtifacts } from "./commands/ticket/artifacts.ts";
import { ticketBlock } from "./commands/ticket/block.ts";
import { ticketCancel } from "./commands/ticket/cancel.ts";
import { ticketContext } from "./commands/ticket/context.ts";
import { ticketCreate } from "./commands/ticket/create.ts";
import { ticketEdit } from "./commands/ticket/edit.ts";
import { ticketGate } from "./commands/ticket/gate.ts";
import { ticketGenerateTasks } from "./commands/ticket/generate-tasks.ts";
import { ticketGraph } from "./commands/ticket/graph.ts";
import { ticketHistory } from "./commands/ticket/history.ts";
import { ticketList } from "./commands/ticket/list.ts";
import { ticketShow } from "./commands/ticket/show.ts";
import { ticketTransition } from "./commands/ticket/transition.ts";
import { ticketUnblock } from "./commands/ticket/unblock.ts";
import { ticketWatch } from "./commands/ticket/watch.ts";
import { watchdogAct } from "./commands/watchdog/act.ts";
import { watchdogList } from "./commands/watchdog/list.ts";
import { watchdogPolicies } from "./commands/watchdog/policies.ts";
import { watchdogShow } from "./commands/watchdog/show.ts";
import { watchdogStatus } from "./commands/watchdog/status.ts";
import { watchdogStop } from "./commands/watchdog/stop.ts";
import { watchdogDisable, watchdogEnable, watchdogPause, watchdogResume } from "./commands/watchdog/switch.ts";
import { whoami } from "./commands/whoami.ts";
import { workflowCheck } from "./commands/workflow/check.ts";
import { workflowList } from "./commands/workflow/list.ts";
import { workflowShow } from "./commands/workflow/show.ts";

interface Group {
  name: string;
  about: string;
  commands: readonly CommandRow[];
}

/** Every command of `omoi`, in the order of its help. */
export const contents: readonly (Group | CommandRow)[] = [
  status,
  {
    name: "ticket",
    about: "open tickets, see them through their phases",
    commands: [
      ticketCreate,
      ticketList,
      ticketShow,
      ticketWatch,
      ticketEdit,
      ticketTransition,
      ticketGenerateTasks,
      ticketGate,
      ticketBlock,
      ticketUnblock,
      ticketCancel,
      ticketHistory,
      ticketGraph,
      ticketArtifacts,
      ticketArtifact,
      ticketContext,
    ],
  },
  {
    name: "task",
    about: "make tasks, see what became of them",
    commands: [
      taskCreate,
      taskList,
      taskShow,
      taskEdit,
      taskCancel,
      taskRetry,
      taskResume,
      taskAttempts,
      taskMatch,
      taskEvents,
    ],
  },
  {
    name: "workflow",
    about: "the phases that tickets go through; look for mistakes in a file",
    commands: [workflowList, workflowShow, workflowCheck],
  },
  { name: "dead-letters", about: "tasks that failed for good", commands: [deadLettersList, deadLettersRedrive] },
  {
    name: "agent",
    about: "work as an agent, look after agents",
    commands: [agentRun, agentRegister, agentList, agentSearch, agentShow, agentMessage, agentRotateKey, agentRemove],
  },
  events,
  logs,
  {
    name: "audit",
    about: "what was changed, refused and done, and whether it still says so",
    commands: [auditList, auditVerify, auditExport],
  },
  {
    name: "alert",
    about: "what fires, what was decided about it, who was told; take it on, say that it is over",
    commands: [alertList, alertShow, alertAck, alertResolve, alertRoute],
  },
  {
    name: "receivers",
    about: "who is told of alerts: how each does, what it was never told; try one, tell it after all",
    commands: [receiversList, receiversTest, receiversDeadLetters, receiversRedrive],
  },
  {
    name: "silence",
    about: "keep alerts from being told, for a time or each week",
    commands: [silenceList, silenceAdd, silenceChange, silenceEnd],
  },
  {
    name: "monitor",
    about: "how the plane is: figures, anomalies, worst offenders",
    commands: [monitorDashboard, monitorMetrics, monitorHistory, monitorTop, monitorAnomalies],
  },
  {
    name: "rules",
    about: "alert rules: what is in force; look for mistakes, try them before they page anybody",
    commands: [
      rulesList,
      rulesShow,
      rulesCreate,
      rulesPut,
      rulesDisable,
      rulesEnable,
      rulesDelete,
      rulesCheck,
      rulesTest,
      rulesBacktest,
    ],
  },
  {
    name: "watchdog",
    about: "what repairs by itself: its policies, what it did, and whether the sweep runs",
    commands: [
      ...[watchdogStatus, watchdogList, watchdogShow, watchdogPolicies, watchdogAct, watchdogStop],
      ...[watchdogDisable, watchdogEnable, watchdogPause, watchdogResume],
    ],
  },
  {
    name: "guardian",
    about: "intervene in what runs, see what was done, take it back",
    commands: [
      ...[guardianList, guardianShow, guardianAct, guardianRevert, guardianPolicies],
      ...[guardianDisable, guardianEnable, guardianPause, guardianResume],
    ],
  },
  {
    name: "gameday",
    about: "break things on purpose, and see whether it is noticed, told and repaired",
    commands: [gamedayRun, gamedayPrepare],
  },
  { name: "keys", about: "API keys", commands: [keysCreate, keysList, keysRevoke] },
  { name: "secrets", about: "secrets of a deployed stage", commands: [secretsSet, secretsList] },
  {
    name: "detector",
    about: "the detector of anomalies, on a series in a file",
    commands: [detectorScore, detectorInfo],
  },
  doctor,
  profile,
  pause,
  resume,
  whoami,
];
