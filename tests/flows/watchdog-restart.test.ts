import { afterAll, beforeAll, expect, test } from "vitest";
import { clientsOf } from "../harness/plane.ts";
import { type ProcessPlane, startProcessPlane } from "../harness/process-plane.ts";
import { until } from "../harness/until.ts";

const POLICY = "OMOI_WATCHDOG__WORKER_RESTART__";
/** What says that an agent is silent is not believed of one that beats, as these do. */
const ALERT = "agent_hangs";

let plane: ProcessPlane;
beforeAll(async () => {
  plane = await startProcessPlane({
    OMOI_LIMITS__RESTART_GRACE_SECONDS: "0",
    [`${POLICY}LIMITS__PER_FLEET`]: "100/1h",
    [`${POLICY}TRIGGERS`]: JSON.stringify([{ alert: ALERT }]),
  });
});
afterAll(() => plane.remove());

const clients = () => clientsOf(plane);

const says = (agent_id: string) =>
  clients().operator.ingestAlertmanager({
    body: { version: "4", alerts: [{ status: "firing", labels: { alertname: ALERT, agent_id } }] },
  });

const remediationOf = async (target_id: string) => {
  const { items } = await clients().operator.listWatchdogActions({ query: { target_id } });
  expect(items.length).toBeLessThanOrEqual(1);
  return items[0];
};

const untilVerifying = (target_id: string) =>
  until(`${target_id} was restarted`, async () => (await remediationOf(target_id))?.status === "verifying");

const untilEnded = (target_id: string) =>
  until(`the remediation of ${target_id} ended`, async () => {
    const made = await remediationOf(target_id);
    return made?.status === "ended" && made;
  });

test("a plane that is killed in the middle of a remediation goes on with it", async () => {
  const { agent_id } = await clients().agent();
  await says(agent_id);
  await untilVerifying(agent_id);
  await plane.restart();
  await clients().agent({ replaces: agent_id as never });
  expect(await untilEnded(agent_id)).toMatchObject({
    policy: "worker_restart",
    outcome: "succeeded",
    steps: [
      { action: "requeue_tasks", outcome: "skipped", why: "it holds no task" },
      { action: "restart", outcome: "done" },
    ],
  });
  const { items } = await clients().operator.listEvents({ query: { subject: agent_id, limit: 100 } });
  expect(items.filter(({ type }) => type === "agent.replacement_requested")).toHaveLength(1);
});

const VERIFY_SECONDS = 5;
const TITLE =
  "a timer that is lost with the queues is made up for by the due row: nobody comes, and the guardian is told";

test(TITLE, async () => {
  await plane.restart({
    [`${POLICY}ACTIONS`]: JSON.stringify([{ type: "restart", verify_within: `${VERIFY_SECONDS}s` }]),
  });
  const { agent_id } = await clients().agent();
  await says(agent_id);
  await untilVerifying(agent_id);
  // What waited in the queues is gone with the process, and was due before the next one's first sweep.
  await plane.restart({}, VERIFY_SECONDS * 1_000);
  expect(await untilEnded(agent_id)).toMatchObject({
    outcome: "escalated",
    attempts: 1,
    why: "not mended by restart",
    steps: [{ action: "restart", outcome: "not_verified" }],
  });
  const escalations = await until("the guardian is told", async () => {
    const { items } = await clients().operator.listEvents({ query: { subject: "watchdog", limit: 100 } });
    const its = items.filter(({ type, data }) => type === "watchdog.escalation" && data.agent_id === agent_id);
    return its.length > 0 && its;
  });
  expect(escalations).toHaveLength(1);
});
