import type { Client } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AlertedPlane, RECEIVER_KEY, startAlertedPlane } from "../harness/alerted-plane.ts";
import { untilHolds } from "../harness/until.ts";

/** More than one notification shows. */
const HOSTS = 110;

let stage: AlertedPlane;
beforeAll(async () => {
  stage = await startAlertedPlane(
    (url) => `
receivers:
  - { name: desk, type: webhook, url: "${url("desk")}", secret: "${RECEIVER_KEY}" }
route: { receiver: desk, group_by: [alertname], group_wait: 1s, group_interval: 1s }
`,
  );
});
afterAll(() => stage.stop());

type Alerts = Parameters<Client["ingestAlertmanager"]>[0]["body"]["alerts"];
const ingest = (alerts: Alerts) => stage.plane.operator.ingestAlertmanager({ body: { version: "4", alerts } });
const last = (alertname: string) => stage.receivers.taken("desk", alertname).at(-1)?.body;

it("a group whose words are more than a row holds is told of, and so is its end behind one that waits", async () => {
  const alertname = "wordy";
  const say = (status: "firing" | "resolved", host: string, annotation: string) =>
    ingest(
      Array.from({ length: HOSTS }, (_, n) => ({
        status,
        labels: { alertname, host: `${host}-${n}` },
        annotations: { description: annotation },
      })),
    );
  const heard = (status: number) => stage.receivers.taken("desk", alertname).some((taken) => taken.status === status);
  await say("firing", "first", "🦊".repeat(2_000));
  await untilHolds(() => expect(heard(200)).toBe(true));
  // What cannot be delivered yet waits in the same row as the next.
  stage.receivers.answers("desk", 503, 503);
  await say("firing", "second", "界".repeat(2_500));
  await untilHolds(() => expect(heard(503)).toBe(true));
  await say("resolved", "first", "界".repeat(2_500));
  await say("resolved", "second", "it is over");
  await untilHolds(() => expect(last(alertname)?.status).toBe("resolved"));
  expect(stage.receivers.taken("desk", alertname).some(({ body }) => body.truncatedAlerts > 0)).toBe(true);
});

it("of annotations that no row holds the longest are cut, and the others are told whole", async () => {
  const alertname = "a".repeat(3_000);
  const annotations = { description: "x".repeat(800_000), summary: "It is slow" };
  await ingest([{ status: "firing", labels: { alertname }, annotations }]);
  await untilHolds(() => {
    const [line] = last(alertname)?.alerts ?? [];
    expect(line?.annotations).toEqual({ summary: "It is slow", description: expect.stringMatching(/^x{9000,}…$/) });
  });
});

it("labels that are too long are refused, as they cannot be cut, and nothing of the call is kept", async () => {
  const alerts = [{ status: "firing" as const, labels: { alertname: "a_good_one" } }];
  const refused = ingest([...alerts, { status: "firing", labels: { alertname: "long", room: "x".repeat(9_000) } }]);
  await expect(refused).rejects.toMatchObject({
    status: 422,
    errors: [{ path: "/alerts/1/labels", message: expect.stringContaining("8 KB") }],
  });
  const { items } = await stage.plane.operator.listAlerts({ query: { matcher: 'alertname="a_good_one"' } });
  expect(items).toEqual([]);
});
