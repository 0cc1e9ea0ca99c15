import { mkdirSync, writeFileSync } from "node:fs";
import { type AlertReceivers, configWith, startAlertReceivers } from "./alert-receivers.ts";
import { startTestPlane, type TestPlane, type TestPlaneOptions } from "./plane.ts";

/** What the receivers know that a notification is signed with; the plane has it as the secret `desk-key` too. */
export const RECEIVER_KEY = `whsec_${Buffer.from("a key that both of them know").toString("base64")}`;

export interface AlertedPlane {
  plane: TestPlane;
  receivers: AlertReceivers;
  /** Says as an Alertmanager does that an alert of each of those hosts fires or is over. */
  says(
    status: "firing" | "resolved",
    hosts: readonly string[],
    labels?: Readonly<Record<string, string>>,
  ): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * A plane that tells receivers of this process.
 * @param routing its routing, with the url of a receiver by its name
 */
export async function startAlertedPlane(
  routing: (url: AlertReceivers["url"]) => string,
  limits: Record<string, number> = {},
  options: TestPlaneOptions = {},
): Promise<AlertedPlane> {
  const receivers = await startAlertReceivers(RECEIVER_KEY);
  const config = configWith(routing(receivers.url));
  const plane = await startTestPlane(limits, { ...options, config: config.dir });
  const secrets = plane.places.receiver_secrets.slice("file:".length);
  mkdirSync(secrets, { recursive: true });
  writeFileSync(`${secrets}desk-key`, `${RECEIVER_KEY}\n`);
  return {
    plane,
    receivers,
    says: (status, hosts, labels = {}) =>
      plane.operator.ingestAlertmanager({
        body: {
          version: "4",
          alerts: hosts.map((host) => ({ status, labels: { alertname: "disk_full", host, ...labels } })),
        },
      }),
    async stop() {
      await plane.stop();
      await receivers.stop();
      config.remove();
    },
  };
}
