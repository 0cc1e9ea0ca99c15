import { createClient } from "@omoios/sdk/client";
import { NotYet, until } from "../harness/until.ts";

/** The rule that the flow makes: a routing sends its alert to the receiver that is looked at, without waiting. */
export const FLOW_RULE = "flow_queue_is_long";

export interface AlertFlowOptions {
  url: string;
  operator_key: string;
  /** What the receiver was sent of the alerts with that label value, in its order. */
  taken(value: string): { signed: boolean; body: { status: string } }[];
}

const PATIENCE = { timeout_ms: 120_000, every_ms: 500 };
const METRIC = "tasks_queued_total";

/**
 * Brings an alert through a stage: a rule, a sample over its bound, a signed notification at its receiver, a sample below, the signed
 * notification of its end.
 * @throws Error that says what did not happen
 */
export async function alertFlow({ url, operator_key, taken }: AlertFlowOptions): Promise<void> {
  const operator = createClient({ url, api_key: operator_key });
  const phase_id = `PHASE_${crypto.randomUUID()}`;
  const measured = (value: number) =>
    operator.sendSamples({ body: { samples: [{ metric_name: METRIC, value, labels: { phase_id } }] } });
  const told = (...statuses: string[]) =>
    until(
      `the receiver was told: ${statuses}`,
      async () => {
        const all = taken(phase_id);
        if (all.some(({ signed }) => !signed)) throw new Error("A notification's signature does not verify");
        const seen = String(all.map(({ body }) => body.status));
        if (seen !== String(statuses)) throw new NotYet(seen || "nothing");
        return true;
      },
      PATIENCE,
    );
  await operator.createAlertRule({
    body: { name: FLOW_RULE, metric: METRIC, condition: "value > 20", severity: "critical" },
  });
  const query = { matcher: `phase_id="${phase_id}"`, state: "firing,resolved" };
  const states = async () => (await operator.listAlerts({ query })).items.map(({ state }) => state);
  // A process trusts the rules that it has read for some seconds, so that it may not know this one yet.
  const fires = async () => {
    await measured(25);
    return (await states())[0] === "firing";
  };
  await until("the alert fires", fires, PATIENCE);
  await told("firing");
  await measured(3);
  await told("firing", "resolved");
  if (String(await states()) !== "resolved") throw new Error(`The alert is ${await states()}, and not resolved`);
}
