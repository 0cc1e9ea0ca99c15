import { afterAll, beforeAll, expect, test } from "vitest";
import { handler as sweep } from "../../functions/schedules/sweep.ts";
import type { AlertReceivers } from "../harness/alert-receivers.ts";
import { type AlertedPlane, startAlertedPlane } from "../harness/alerted-plane.ts";
import type { TestPlane } from "../harness/plane.ts";
import { until, untilHolds } from "../harness/until.ts";
import { refusalOf } from "../harness/work.ts";
import { alertFlow } from "./alert-flow.ts";

let plane: TestPlane;
let receivers: AlertReceivers;
let says: AlertedPlane["says"];
let stop: () => Promise<void>;

beforeAll(async () => {
  // Whoever registers and says no more misses a beat each second.
  const beats = { heartbeat_idle_seconds: 1, heartbeat_tolerance_seconds: 0, heartbeat_judged_every_seconds: 1 };
  ({ plane, receivers, says, stop } = await startAlertedPlane(
    (url) => `
receivers:
  - { name: desk, type: webhook, url: "${url("desk")}", secret: "\${secret:desk-key}" }
  - { name: flaky, type: webhook, url: "${url("flaky")}", secret: "\${secret:desk-key}" }
  - { name: away, type: webhook, url: "${url("away")}", secret: "\${secret:desk-key}" }
  - { name: keyless, type: pagerduty, routing_key: "\${secret:pagerduty}" }
  - { name: mail, type: email, to: [oncall@example.com] }
route:
  receiver: desk
  group_by: ['...']
  group_wait: 0s
  group_interval: 1s
  routes:
    - { matchers: ['alertname="agent_unresponsive"'], receiver: flaky }
    - { matchers: ['team="both"'], receiver: flaky, continue: true }
    - { matchers: ['team="both"'], receiver: desk }
    - { matchers: ['team="mail"'], receiver: mail }
    - { matchers: ['team="keyless"'], receiver: keyless }
    - { matchers: ['team="away"'], receiver: away, group_by: [room], group_wait: 2s, group_interval: 5m }
`,
    beats,
  ));
});
afterAll(() => stop());

const alertOf = async (host: string) => {
  const { items } = await plane.operator.listAlerts({
    query: { matcher: `host="${host}"`, state: "firing,acknowledged,resolved" },
  });
  const [alert] = items;
  if (alert === undefined) throw new Error(`There is no alert of ${host}`);
  return alert;
};

const logOf = async (alert_id: string) => (await plane.operator.getAlert({ params: { alert_id } })).log;

const deliveredOf = (alert_id: string) =>
  until(`${alert_id} was delivered`, async () => {
    const { items } = await plane.operator.listAlertDeliveries({ params: { alert_id } });
    return items.some(({ tries }) => tries.at(-1)?.outcome === "delivered") && items;
  });

test("an agent falls silent: its receiver hears of it once, signed, as Alertmanager would say it; it is taken on, and resolved", async () => {
  const { agent_id } = await plane.agent();
  // Twenty sweeps at once tell what one does.
  await Promise.all(Array.from({ length: 20 }, () => sweep()));
  const [first] = await receivers.takes("desk", agent_id, 1);
  expect(first?.signed).toBe(true);
  expect(first?.body).toMatchObject({
    status: "firing",
    receiver: "desk",
    alerts: [{ status: "firing", labels: { alertname: "agent_heartbeat_missed", severity: "warning", agent_id } }],
  });
  const eventsOf = async (subject: string) =>
    (await plane.operator.listEvents({ query: { subject, limit: 100 } })).items;
  await until("it missed three beats and has failed", async () =>
    (await eventsOf(agent_id)).some(({ type, data }) => type === "agent.status_changed" && data.to === "FAILED"),
  );
  const { items } = await plane.operator.listAlerts({ query: { matcher: `agent_id="${agent_id}"` } });
  const missed = items.filter(({ labels }) => labels.alertname === "agent_heartbeat_missed");
  expect(missed).toMatchObject([{ state: "firing", previous: null, labels: { agent_id } }]);
  const { alert_id = "" } = missed[0] ?? {};
  expect(first?.body.alerts[0]?.generatorURL).toBe(`${plane.url}/api/v1/alerts/${alert_id}`);
  expect(await deliveredOf(alert_id)).toMatchObject([
    { notification_id: first?.id, tries: [{ receiver: "desk", attempt: 1, outcome: "delivered" }] },
  ]);
  const decisions = ["firing", "matched", "grouped", "queued", "sent"];
  // Its log is written behind what it tells of.
  await untilHolds(async () => expect((await logOf(alert_id)).map(({ decision }) => decision)).toEqual(decisions));
  const params = { alert_id };
  expect(await plane.operator.acknowledgeAlert({ params })).toMatchObject({ state: "acknowledged" });
  expect(await plane.operator.resolveAlert({ params, body: { note: "Switched off" } })).toMatchObject({
    state: "resolved",
    resolution_note: "Switched off",
  });
  expect(await refusalOf(plane.operator.acknowledgeAlert({ params }))).toMatchObject({ code: "alert.not_firing" });
  const all = await receivers.takes("desk", agent_id, 2);
  expect(all.map(({ body }) => body.status)).toEqual(["firing", "resolved"]);
  const types = ["monitor.alert.triggered", "monitor.alert.acknowledged", "monitor.alert.resolved"];
  const events = await until("its events are logged", async () => {
    const its = (await eventsOf("monitor")).filter(({ data }) => data.alert_id === alert_id).map(({ type }) => type);
    return its.length >= types.length && its;
  });
  expect(events).toEqual(types);
});

test("a sample over a rule's bound is told, signed, and so is its end", async () => {
  const taken = (value: string) => receivers.taken("desk", value);
  await expect(alertFlow({ ...plane, taken })).resolves.toBeUndefined();
});

test("the same word twice is told once", async () => {
  await says("firing", ["h1"]);
  await says("firing", ["h1"]);
  await receivers.takes("desk", "h1", 1);
  await says("firing", ["h1"]);
  await says("resolved", ["h1"]);
  const all = await receivers.takes("desk", "h1", 2);
  expect(all.map(({ body }) => body.status)).toEqual(["firing", "resolved"]);
});

test("a silence holds a begin back, and no end of what was told before", async () => {
  await says("firing", ["told"], { room: "cellar" });
  await receivers.takes("desk", "told", 1);
  const body = { matchers: ['room="cellar"'], ends_at: "2999-01-01T00:00:00Z", comment: "The cellar is rebuilt" };
  const { silence_id } = await plane.operator.createSilence({ body });
  await says("firing", ["quiet"], { room: "cellar" });
  const { alert_id } = await alertOf("quiet");
  const line = await until("it is silenced", async () =>
    (await logOf(alert_id)).find(({ decision }) => decision === "silenced"),
  );
  expect(line.why).toContain(silence_id);
  await says("resolved", ["told"], { room: "cellar" });
  const [, end] = await receivers.takes("desk", "told", 2);
  expect(end?.body.status).toBe("resolved");
  expect(receivers.taken("desk", "quiet")).toEqual([]);
  expect(await plane.operator.deleteSilence({ params: { silence_id } })).toMatchObject({ state: "expired" });
  await receivers.takes("desk", "quiet", 1);
});

test("a silence that is over when it is made is refused at its end", async () => {
  const times = { starts_at: "2020-01-01T00:00:00Z", ends_at: "2020-01-02T00:00:00Z" };
  const body = { matchers: ['room="cellar"'], ...times, comment: "Too late" };
  expect(await refusalOf(plane.operator.createSilence({ body }))).toMatchObject({
    code: "request.invalid",
    errors: [{ path: "/ends_at" }],
  });
});

test("a receiver that fails is sent the same again, and keeps no other waiting", async () => {
  receivers.answers("flaky", 503);
  await says("firing", ["h2"], { team: "both" });
  await receivers.takes("desk", "h2", 1);
  const tries = await receivers.takes("flaky", "h2", 2);
  expect(tries.map(({ status, signed }) => [status, signed])).toEqual([
    [503, true],
    [200, true],
  ]);
  expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
  const { alert_id } = await alertOf("h2");
  const deliveries = await until("both have it", async () => {
    const { items } = await plane.operator.listAlertDeliveries({ params: { alert_id } });
    return items.filter(({ tries: made }) => made.at(-1)?.outcome === "delivered").length === 2 && items;
  });
  expect(deliveries.find(({ tries: made }) => made[0]?.receiver === "flaky")?.tries).toMatchObject([
    { attempt: 1, outcome: "retried", detail: "answered 503" },
    { attempt: 2, outcome: "delivered", next_at: null },
  ]);
});

test("a receiver that comes back is told nothing of what began and ended while it was away", async () => {
  receivers.answers("away", 503, 503);
  const room = { team: "away", room: "attic" };
  await says("firing", ["short", "long"], room);
  await receivers.takes("away", "short", 1);
  await says("resolved", ["short"], room);
  const heard = await until("it is told of the other one", async () =>
    receivers.taken("away", "long").find(({ status }) => status === 200),
  );
  expect(heard.body.alerts.map(({ status, labels }) => [status, labels.host])).toEqual([["firing", "long"]]);
  const { alert_id } = await alertOf("short");
  const { items } = await plane.operator.listAlertDeliveries({ params: { alert_id } });
  expect(items.map(({ tries }) => tries.at(-1))).toMatchObject([
    { receiver: "away", outcome: "superseded", detail: `things have changed: ${heard.id} is sent in its place` },
  ]);
  expect((await logOf(alert_id)).map(({ decision }) => decision)).not.toContain("sent");
});

test("what a receiver refuses is given up, and the next change is tried", async () => {
  receivers.answers("flaky", 400);
  await says("firing", ["h3"], { team: "both" });
  const { alert_id } = await alertOf("h3");
  await until("it was refused", async () => {
    const { items } = await plane.operator.listAlertDeliveries({ params: { alert_id } });
    return items.some(({ tries }) => tries[0]?.outcome === "refused");
  });
  await says("resolved", ["h3"], { team: "both" });
  const all = await receivers.takes("flaky", "h3", 2);
  expect(all.map(({ body, status }) => [body.status, status])).toEqual([
    ["firing", 400],
    ["resolved", 200],
  ]);
});

test("of a secret that is missing its name and where to write it are told", async () => {
  await says("firing", ["h5"], { team: "keyless" });
  const { alert_id } = await alertOf("h5");
  const [made] = await until("it was tried", async () => {
    const { items } = await plane.operator.listAlertDeliveries({ params: { alert_id } });
    const tries = items.flatMap((each) => each.tries);
    return tries.length > 0 && tries;
  });
  expect(made).toMatchObject({ receiver: "keyless", outcome: "retried" });
  expect(made?.detail).toMatch(/pagerduty.* secrets\/pagerduty .*omoi secrets set pagerduty$/);
});

test("on one machine a mail is kept and shown", async () => {
  await says("firing", ["h4"], { team: "mail" });
  const shown = async (path: string) => (await fetch(plane.places.mail_endpoint + path)).text();
  const name = await until("the mail is kept", async () => (await shown("/")).trim().split("\n")[0] || undefined);
  const mail = await shown(`/${name}`);
  expect(mail).toMatch(/^To: oncall@example.com\r$/m);
  expect(mail).toMatch(/^Subject: .*disk_full/m);
  const text = /text\/plain[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(mail)?.[1] ?? "";
  expect(Buffer.from(text, "base64").toString("utf8")).toContain((await alertOf("h4")).alert_id);
});

test("a silence is read by its id, and one that comes back says whether it holds now", async () => {
  const weekday = (days: number) =>
    new Date(Date.now() + days * 86_400_000)
      .toLocaleDateString("en", { weekday: "long", timeZone: "UTC" })
      .toLowerCase();
  // Days on both sides: the test may run over midnight.
  const made = (...weekdays: string[]) => {
    const recurring = { weekdays, hours: ["00:00-24:00"], zone: "UTC" };
    return plane.operator.createSilence({ body: { matchers: ['room="attic"'], recurring, comment: "Each week" } });
  };
  const holds = await made(weekday(0), weekday(1));
  const rests = await made(weekday(3), weekday(4));
  const read = (silence_id: string) => plane.operator.getSilence({ params: { silence_id } });
  expect(await read(holds.silence_id)).toEqual({ ...holds, state: "active" });
  expect(await read(rests.silence_id)).toEqual({ ...rests, state: "pending" });
});
