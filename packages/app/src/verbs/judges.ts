import type { Agents } from "@omoios/domain/agents/service";
import type { RuleService } from "@omoios/domain/alerting/rules/service";
import type { Alerting } from "@omoios/domain/alerting/service";
import { readableSampleFaults } from "@omoios/domain/monitor/series/check-samples";
import { judgeReadableTasks, judgeReadableTicket } from "@omoios/domain/tickets/judge-readable";
import type { TicketParts } from "@omoios/domain/tickets/parts";
import type { Judges } from "../verbs.ts";

/** What is found in bodies that have faults, by routes whose verbs have reasons of their own to refuse them. */
export function judgesOf(
  { agents, parts }: { agents: Agents; parts: TicketParts },
  watching: () => Promise<{ rules: RuleService; alerting: Alerting }>,
): Judges {
  return {
    createAlertRule: async (_ctx, { body }) => (await watching()).rules.readableFaults(body ?? {}),
    replaceAlertRule: async (_ctx, { body }) => (await watching()).rules.readableFaults(body ?? {}),
    testAlertRule: async (_ctx, { body }) => (await watching()).rules.readableFaults(body?.rule ?? {}, "/rule"),
    backtestAlertRule: async (_ctx, { body }) => (await watching()).rules.readableFaults(body?.rule ?? {}, "/rule"),
    createSilence: async (ctx, { body }) => (await watching()).alerting.silences.faults(ctx, body ?? {}),
    sendSamples: async (_ctx, { body }) => readableSampleFaults(body?.samples ?? []),
    registerAgent: async (_ctx, { body }) => (body === undefined ? [] : agents.registrationFaults(body)),
    patchAgent: async (_ctx, { body }) => (body === undefined ? [] : agents.patchFaults(body)),
    createTicket: async (_ctx, { body }) => (body === undefined ? [] : judgeReadableTicket(parts, body)),
    createTask: async (_ctx, { body }) =>
      body === undefined ? [] : judgeReadableTasks(parts, body.ticket_id, [body], () => ""),
    // Whether an agent may add tasks to the ticket is not known yet, and so it is not told what is there.
    createTasks: async ({ principal }, { params, body }) =>
      principal?.kind === "agent" ? [] : judgeReadableTasks(parts, params.ticket_id, body?.tasks ?? []),
  };
}
