import { randomBytes } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SSMClient } from "@aws-sdk/client-ssm";
import { putSecret } from "@omoios/adapters/secrets/stage-secrets";
import { createClient } from "@omoios/sdk/client";
import { parseDocument } from "yaml";
import { ALARM_STATE_CHANGE } from "../../packages/contracts/src/default-bus.ts";
import { alertFlow, FLOW_RULE } from "../../tests/flows/alert-flow.ts";
import { startAlertReceivers } from "../../tests/harness/alert-receivers.ts";
import { until } from "../../tests/harness/until.ts";
import type { WorkedStage } from "./trials.ts";

const RECEIVER = "rehearsal";
/** Secrets of the stage: where the receiver is, and the key that it knows. */
const [URL_SECRET, KEY_SECRET] = ["rehearsal_url", "rehearsal_key"];
const WITHIN = { timeout_ms: 60_000, every_ms: 500 };

/** Writes a copy of `config/` whose alert routing has a receiver of the rehearsal's, for the alert of its flow alone. */
export function configWithReceiver(root: string, config_dir: string): string {
  cpSync(join(root, "config"), config_dir, { recursive: true });
  const file = join(config_dir, "alert_routing.yaml");
  const routing = parseDocument(readFileSync(file, "utf8"));
  const [url, secret] = [URL_SECRET, KEY_SECRET].map((name) => `\${secret:${name}}`);
  routing.addIn(["receivers"], { name: RECEIVER, type: "webhook", url, secret });
  const matchers = [`alertname="${FLOW_RULE}"`];
  const at_once = { group_by: ["..."], group_wait: "0s", group_interval: "1s" };
  routing.addIn(["route", "routes"], { matchers, receiver: RECEIVER, ...at_once });
  writeFileSync(file, routing.toString());
  return config_dir;
}

/** Sends one alert through the deployed stage, from a sample over HTTPS to a receiver on the loopback address, and its end. */
export async function alertArrives({ names, url, operator_key }: WorkedStage): Promise<void> {
  const key = `whsec_${randomBytes(32).toString("base64")}`;
  const receivers = await startAlertReceivers(key);
  try {
    const ssm = new SSMClient({});
    await putSecret(ssm, `${names.secrets}${URL_SECRET}`, receivers.url(RECEIVER));
    await putSecret(ssm, `${names.secrets}${KEY_SECRET}`, key);
    await alertFlow({ url, operator_key, taken: (value) => receivers.taken(RECEIVER, value) });
  } finally {
    await receivers.stop();
  }
}

/** An alarm of the stage goes off and is over, as CloudWatch tells it: an alert that fires and is resolved. */
export async function alarmArrives({ names, url, operator_key }: WorkedStage): Promise<void> {
  const operator = createClient({ url, api_key: operator_key });
  const alarmName = `${names.function("sweep")}-silent`;
  const bus = new EventBridgeClient({});
  for (const [value, state] of [
    ["ALARM", "firing"],
    ["OK", "resolved"],
  ]) {
    const timestamp = new Date().toISOString().replace("Z", "+0000");
    const Detail = JSON.stringify({ alarmName, state: { value, reason: "Rehearsed", timestamp } });
    const Entries = [{ Source: "aws.cloudwatch", DetailType: ALARM_STATE_CHANGE, Detail }];
    const { Entries: [put] = [] } = await bus.send(new PutEventsCommand({ Entries }));
    if (put?.EventId === undefined) throw new Error(`The default bus refused the alarm: ${put?.ErrorMessage}`);
    const query = { matcher: `alarm_name="${alarmName}"`, state: "firing,resolved" };
    const is = async () => (await operator.listAlerts({ query })).items[0]?.state === state;
    await until(`the alert of ${alarmName} is ${state}`, is, WITHIN);
  }
}
