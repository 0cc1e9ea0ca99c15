import type { RouteReply } from "@omoios/contracts/routes";
import type { AuthorityName } from "@omoios/kernel/principal";
import { type Client, createClient } from "@omoios/sdk/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { configWith, MAIL_AT_ONCE } from "../harness/alert-receivers.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { refusalOf } from "../harness/work.ts";

const policy = (name: string, alert: string, rest: string) => `
policy:
  name: ${name}
  triggers: [{ alert: ${alert} }]
  actions: ${rest}
  limits: { per_fleet: 100/1h, cooldown: 0s }
`;
const POLICIES = {
  worker_restart: policy("worker_restart", "agent_unresponsive", "[{ type: requeue_tasks }, { type: restart }]"),
  lonely: policy("lonely", "agent_alone", "[{ type: requeue_tasks }, { type: restart }]"),
  growing: policy("growing", "crowded", "[{ type: scale_out, workers: 1 }]"),
};

let plane: TestPlane;
let config: ReturnType<typeof configWith>;
const keys = new Map<AuthorityName, Client>();

beforeAll(async () => {
  config = configWith(MAIL_AT_ONCE, POLICIES);
  plane = await startTestPlane({ restart_grace_seconds: 0 }, { config: config.dir });
  for (const authority of ["WORKER", "WATCHDOG", "MONITOR"] as const) {
    const body = { name: authority, scopes: ["alerts:write" as const], authority };
    const { api_key } = await plane.operator.createApiKey({ body });
    keys.set(authority, createClient({ url: plane.url, api_key }));
  }
});
afterAll(async () => {
  await plane.stop();
  config.remove();
});

function keyOf(authority: AuthorityName): Client {
  const key = keys.get(authority);
  if (key === undefined) throw new Error(`There is no key of ${authority}`);
  return key;
}

const says = (by: Client, status: "firing" | "resolved", alertname: string, labels: Record<string, string>) =>
  by.ingestAlertmanager({ body: { version: "4", alerts: [{ status, labels: { alertname, ...labels } }] } });

type Remediation = RouteReply<"listWatchdogActions">["items"][number];

const remediationsOf = async (target_id: string): Promise<Remediation[]> =>
  (await plane.operator.listWatchdogActions({ query: { target_id } })).items;

const untilAnswered = (target_id: string, count = 1) =>
  until(`${count} remediations of ${target_id} were taken on or ended`, async () => {
    const items = (await remediationsOf(target_id)).filter(
      ({ status }) => status === "verifying" || status === "ended",
    );
    return items.length >= count && items;
  });

const statusOf = async (agent_id: string) => (await plane.operator.getAgent({ params: { agent_id } })).status;

const alertsOf = async (agent_id: string) =>
  (await plane.operator.listAlerts({ query: { matcher: `agent_id="${agent_id}"`, alertname: "agent_alone" } })).items;

it.each(["WORKER", "WATCHDOG"] as const)(
  "what a key of %s may not do by hand it may not have done by an alert",
  async (rank) => {
    const { agent_id } = await plane.agent();
    await says(keyOf(rank), "firing", "agent_alone", { agent_id });
    const [answer] = await untilAnswered(agent_id);
    expect(answer).toMatchObject({ outcome: "refused", started_at: null, steps: [] });
    expect(answer?.why).toContain(`restart takes the authority MONITOR, and ${rank} is that of`);
    expect(await statusOf(agent_id)).toBe("IDLE");
    expect(await alertsOf(agent_id)).toMatchObject([{ alertname: "agent_alone", brought_by: { authority: rank } }]);
    const told = await until("its refusal is an event", async () => {
      const { items } = await plane.operator.listEvents({ query: { subject: "watchdog", limit: 100 } });
      return items.find(({ data }) => data.agent_id === agent_id && data.outcome === "refused");
    });
    expect(told.type).toBe("watchdog.remediation.completed");
  },
);

it("what a key may do by hand its alert has done, and no more is needed", async () => {
  const { agent_id } = await plane.agent();
  await says(keyOf("MONITOR"), "firing", "agent_alone", { agent_id });
  expect(await untilAnswered(agent_id)).toMatchObject([{ status: "verifying" }]);
  expect(await statusOf(agent_id)).toBe("TERMINATED");
  await says(keyOf("WATCHDOG"), "firing", "crowded", { phase_id: "PHASE_TESTING" });
  expect(await untilAnswered("PHASE_TESTING")).toMatchObject([{ status: "verifying", policy: "growing" }]);
});

it("an agent that beats is not restarted for being silent, whoever says so", async () => {
  const { agent_id } = await plane.agent();
  await says(plane.operator, "firing", "agent_unresponsive", { agent_id });
  expect(await untilAnswered(agent_id)).toMatchObject([{ outcome: "not_needed", why: "it beats" }]);
  expect(await statusOf(agent_id)).toBe("IDLE");
});

it("a key of little authority neither begins, ends nor hides what one of more says", async () => {
  const { agent_id } = await plane.agent();
  const labels = { agent_id };
  await says(keyOf("WORKER"), "firing", "agent_alone", labels);
  await untilAnswered(agent_id);
  await says(plane.operator, "firing", "agent_alone", labels);
  const answers = await untilAnswered(agent_id, 2);
  expect(answers.map(({ status, outcome }) => outcome ?? status).sort()).toEqual(["refused", "verifying"]);
  expect(await statusOf(agent_id)).toBe("TERMINATED");
  await says(keyOf("WORKER"), "resolved", "agent_alone", labels);
  expect(await alertsOf(agent_id)).toMatchObject([{ brought_by: { authority: "SYSTEM" }, state: "firing" }]);
});

it("the plane's own figures are not to be told it by a key that may not intervene", async () => {
  const { agent_id } = await plane.agent();
  const sample = { metric_name: "agent.status.unresponsive", value: 1, labels: { agent_id } };
  const refused = await refusalOf(keyOf("MONITOR").sendSamples({ body: { samples: [sample] } }));
  expect(refused).toMatchObject({ status: 403, code: "auth.authority_too_low" });
  expect(refused.message).toContain("agent.status.unresponsive");
  expect(refused.message).toContain("GUARDIAN");
  const taken = { metric_name: "resource_locks_active", value: 0.9 };
  expect(await keyOf("WORKER").sendSamples({ body: { samples: [taken] } })).toEqual({ accepted: 1 });
  expect(await remediationsOf(agent_id)).toEqual([]);
});

it("a rule acts in the name of whoever made it", async () => {
  const rule = {
    name: "crowded",
    metric: "resource_locks_active",
    condition: "value < 0.5",
    labels: { phase_id: "PHASE_RULE" },
  };
  await keyOf("WORKER").createAlertRule({ body: { ...rule, severity: "warning" } });
  const seen = () =>
    until("the rule judges", async () => {
      await keyOf("WORKER").sendSamples({ body: { samples: [{ metric_name: "resource_locks_active", value: 0.1 }] } });
      return (await remediationsOf("PHASE_RULE")).find(({ status }) => status === "ended");
    });
  expect(await seen()).toMatchObject({ policy: "growing", outcome: "refused" });
});
