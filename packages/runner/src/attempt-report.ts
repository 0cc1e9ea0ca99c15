import type { ClaimedTask } from "@omoios/contracts/views/task";
import type { Agent } from "@omoios/sdk/agent";
import type { CallOptions } from "@omoios/sdk/transport";
import type { Report } from "./attempt-outcome.ts";
import { type Delivery, deliver } from "./delivery.ts";

/** What came of an attempt, in the runner's own words. */
export interface Outcome {
  kind: "completed" | "failed" | "released" | "dropped";
  text: string;
}

/** Hands an attempt's report in, and says what came of it. A result that the plane refuses for its content becomes a failure. */
export async function handIn(agent: Agent, task: ClaimedTask, report: Report, giveUp: AbortSignal): Promise<Outcome> {
  if (report.verb === "nothing") return { kind: "dropped", text: report.text };
  const delivery = await deliver((options) => say(agent, task, report, options), giveUp);
  if (delivery.state === "lost") return { kind: "dropped", text: delivery.why };
  if (delivery.state === "taken") return taken(report);
  const refusal = refusalOf(delivery);
  const second: Report = { verb: "fail", error: { message: refusal, kind: "refused" }, handoff: undefined };
  const last = await deliver((options) => say(agent, task, second, options), giveUp);
  return last.state === "taken" ? { kind: "failed", text: refusal } : { kind: "dropped", text: refusal };
}

function say(agent: Agent, task: ClaimedTask, report: Exclude<Report, { verb: "nothing" }>, options: CallOptions) {
  const { client } = agent;
  const params = { task_id: task.task_id };
  const { fence } = task;
  if (report.verb === "complete") {
    return client.completeTask({ params, body: { fence, result: { success: true, ...report.result } } }, options);
  }
  const handoff = report.handoff === undefined ? {} : { handoff: report.handoff };
  return report.verb === "fail"
    ? client.failTask({ params, body: { fence, error: report.error, ...handoff } }, options)
    : client.releaseTask({ params, body: { fence, reason: report.reason, ...handoff } }, options);
}

function taken(report: Exclude<Report, { verb: "nothing" }>): Outcome {
  if (report.verb === "complete") return { kind: "completed", text: "completed" };
  if (report.verb === "release") return { kind: "released", text: report.reason };
  return { kind: "failed", text: report.error.message.split("\n")[0] ?? "" };
}

function refusalOf({ problem }: Extract<Delivery, { state: "refused" }>): string {
  const faults = problem.errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
  return `the plane refused the result: ${problem.title}${faults === "" ? "" : `: ${faults}`}`;
}
