import { createServer } from "node:http";
import { configWith } from "../../harness/alert-receivers.ts";
import { startBenchPlane } from "../bench-plane.ts";
import { type Figures, quantile, rounded } from "../figures.ts";
import { until } from "../quiet.ts";

const SAMPLES = 40;

/** From the call that brings a sample over a rule's bound to the arrival of its notification at a webhook on this machine. */
export async function measureSampleToNotification(): Promise<Figures> {
  const arrived = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { alerts } = JSON.parse(Buffer.concat(parts).toString("utf8")) as {
      alerts: { labels: { agent_id?: string } }[];
    };
    for (const { labels } of alerts) arrived.set(labels.agent_id ?? "", performance.now());
    response.writeHead(200).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  const config = configWith(`
receivers: [{ name: hook, type: webhook, url: "http://127.0.0.1:${port}/", secret: "whsec_${Buffer.from("a key of the bench").toString("base64")}" }]
route: { receiver: hook, group_by: ['...'], group_wait: 0s }
`);
  const plane = await startBenchPlane({ config_dir: config.dir });
  try {
    const took: number[] = [];
    for (let n = 0; n < SAMPLES; n++) {
      const agent_id = `bench-${n}`;
      const sample = { metric_name: "agent.anomaly_score", value: 0.95, labels: { agent_id } };
      const begun = performance.now();
      await plane.operator.sendSamples({ body: { samples: [sample] } });
      await until("the notification has arrived", () => arrived.has(agent_id));
      took.push((arrived.get(agent_id) ?? 0) - begun);
    }
    const [p50, p95] = [quantile(took, 0.5), quantile(took, 0.95)];
    return { "alert.sample_to_notification_ms": { p50: rounded(p50, 0), p95: rounded(p95, 0) } };
  } finally {
    await plane.stop();
    config.remove();
    server.close();
  }
}
