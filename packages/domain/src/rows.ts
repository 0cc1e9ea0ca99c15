import type { ApiKeyRow, PauseRow } from "./access/model.ts";
import type { ArchiveRow, EvidenceRow, FleetRow, MessageRow } from "./agents/life-rows.ts";
import type { AgentKeyRow, AgentProfileRow, AgentRow, DeliveryRow } from "./agents/model.ts";
import type { DeliveryRow as AlertDeliveryRow } from "./alerting/mailbox.ts";
import type {
  AlertGroupRow,
  AlertMemberRow,
  AlertRow,
  AlertSourceRow,
  OccurrenceRow,
  ReceiverTestRow,
  SilenceRow,
} from "./alerting/rows.ts";
import type { AlertRuleRow } from "./alerting/rules/rule-row.ts";
import type { UndeliveredRow } from "./alerting/undelivered.ts";
import type { AuditRootRow } from "./audit/model.ts";
import type { InterventionRow, MarkRow, SlotRow } from "./guardian/model.ts";
import type { AnomalyRow } from "./monitor/anomalies/anomaly-row.ts";
import type { SwitchesRow } from "./switches/model.ts";
import type {
  AttemptRow,
  BatchRow,
  ClassRow,
  DeadLetterRow,
  EdgeRow,
  LaneRow,
  OpenTaskRow,
  PairRow,
  TaskBodyRow,
  TaskNoteRow,
  TaskRow,
} from "./tasks/model.ts";
import type {
  ArtifactRevisionRow,
  ArtifactRow,
  BriefRow,
  GateRow,
  TicketBodyRow,
  TicketNoteRow,
  TicketRow,
  VisitRow,
} from "./tickets/model.ts";
import type { RemediationFleetRow, RemediationLineRow, RemediationRow } from "./watchdog/model.ts";

/** Every kind of row in the state table. */
interface Rows {
  ticket: TicketRow;
  ticket_body: TicketBodyRow;
  brief: BriefRow;
  ticket_note: TicketNoteRow;
  artifact: ArtifactRow;
  artifact_revision: ArtifactRevisionRow;
  visit: VisitRow;
  gate: GateRow;
  task: TaskRow;
  task_body: TaskBodyRow;
  task_note: TaskNoteRow;
  open_task: OpenTaskRow;
  edge: EdgeRow;
  attempt: AttemptRow;
  dead_letter: DeadLetterRow;
  batch: BatchRow;
  lane: LaneRow;
  agent_class: ClassRow;
  pair: PairRow;
  agent: AgentRow;
  agent_profile: AgentProfileRow;
  agent_key: AgentKeyRow;
  agent_delivery: DeliveryRow;
  agent_evidence: EvidenceRow;
  agent_archive: ArchiveRow;
  message: MessageRow;
  api_key: ApiKeyRow;
  audit_root: AuditRootRow;
  pause: PauseRow;
  switches: SwitchesRow;
  fleet: FleetRow;
  alert: AlertRow;
  alert_occurrence: OccurrenceRow;
  alert_group: AlertGroupRow;
  alert_member: AlertMemberRow;
  alert_source: AlertSourceRow;
  alert_delivery: AlertDeliveryRow;
  undelivered: UndeliveredRow;
  receiver_test: ReceiverTestRow;
  silence: SilenceRow;
  alert_rule: AlertRuleRow;
  anomaly: AnomalyRow;
  remediation: RemediationRow;
  remediation_line: RemediationLineRow;
  remediation_fleet: RemediationFleetRow;
  intervention: InterventionRow;
  intervention_slot: SlotRow;
  intervention_mark: MarkRow;
}

export type RowKind = keyof Rows;
export type RowOf<K extends RowKind> = Rows[K];
export type Row = Rows[RowKind];
