import { afterAll, beforeAll, expect, test } from "vitest";
import type { AlertReceivers } from "../harness/alert-receivers.ts";
import { type AlertedPlane, RECEIVER_KEY, startAlertedPlane } from "../harness/alerted-plane.ts";
import type { TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { refusalOf } from "../harness/work.ts";

let plane: TestPlane;
let receivers: AlertReceivers;
let says: AlertedPlane["says"];
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ plane, receivers, says, stop } = await startAlertedPlane(
    (url) => `
receivers:
  - { name: desk, type: webhook, url: "${url("desk")}", secret: "\${secret:desk-key}" }
  - { name: quiet, type: webhook, url: "${url("quiet")}", secret: "${RECEIVER_KEY}", send_resolved: false }
  - { name: keyless, type: pagerduty, routing_key: "\${secret:pagerduty}" }
  - { name: mail, type: email, to: [oncall@example.com] }
escalations:
  - { name: night, steps: [{ after: 0s, receiver: mail }, { after: 10m, receiver: desk }] }
route:
  receiver: desk
  group_by: [room]
  group_wait: 0s
  group_interval: 1s
  routes:
    - { matchers: ['team="night"'], escalation: night, continue: true }
    - { matchers: ['team=~"night|quiet"'], receiver: quiet, group_by: ['...'] }
`,
  ));
});
afterAll(() => stop());

const receiverOf = async (name: string) => {
  const found = (await plane.operator.listReceivers()).items.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no receiver ${name}`);
  return found;
};

const lettersOf = (name: string, room: string, status: "open" | "redriven" = "open") =>
  until(`${name} has a dead letter of ${room}`, async () => {
    const { items } = await plane.operator.listReceiverDeadLetters({ params: { name }, query: { status } });
    const its = items.filter(({ alerts }) => alerts.some(({ labels }) => labels.room === room));
    return its.length > 0 && its;
  });

const auditOf = (type: string, id: string) =>
  until(`${type} of ${id} is in the audit`, async () => {
    const { items } = await plane.operator.listAudit({ query: { what: type, limit: 100 } });
    return items.find((entry) => JSON.stringify(entry).includes(id));
  });

/** A notification to the desk that is refused; its alerts fire. */
async function refused(room: string, hosts: readonly string[]) {
  receivers.answers("desk", 400);
  await says("firing", hosts, { room });
  const [letter] = await lettersOf("desk", room);
  if (letter === undefined) throw new Error("No dead letter");
  return letter;
}

const redrive = (notification_id: string, body: { reason?: string } = {}, name = "desk") =>
  plane.operator.redriveNotification({ params: { name, notification_id }, body });

test("a receiver's page says how its tries went, and nothing of its address or key", async () => {
  await says("firing", ["a"], { room: "page" });
  await receivers.takes("desk", "page", 1);
  const well = await until("it is noted", async () => {
    const found = await receiverOf("desk");
    return found.last_success_at !== null && found.waiting.groups === 0 && found;
  });
  expect(well).toMatchObject({ type: "webhook", failures_in_a_row: 0, last_failure: null, dead_letters: 0 });
  receivers.answers("desk", 503, 503);
  await says("firing", ["b"], { room: "page" });
  const ill = await until("its failure is noted", async () => {
    const found = await receiverOf("desk");
    return found.failures_in_a_row > 0 && found;
  });
  expect(ill.last_failure?.detail).toBe("answered 503");
  expect(ill.waiting).toMatchObject({ groups: 1, since: expect.any(String), next_try_at: expect.any(String) });
  await receivers.takes("desk", "b", 3);
  await until("it is well again", async () => (await receiverOf("desk")).failures_in_a_row === 0);
  const all = JSON.stringify(await plane.operator.listReceivers());
  for (const secret of [RECEIVER_KEY, "desk-key", receivers.url("desk"), "oncall@example.com"])
    expect(all).not.toContain(secret);
});

test("what was given up is listed; redriven, how things stand is sent once; a second time is refused", async () => {
  const letter = await refused("cellar", ["stays", "ends"]);
  expect(letter).toMatchObject({
    status: "open",
    outcome: "refused",
    detail: "answered 400",
    tries: 1,
    says: "firing",
    alert_count: 2,
    sent_as: null,
  });
  expect((await receiverOf("desk")).dead_letters).toBe(1);
  expect(await auditOf("monitor.notification_given_up", letter.id)).toMatchObject({ who: expect.anything() });
  await says("resolved", ["ends"], { room: "cellar" });
  await receivers.takes("desk", "ends", 2);
  const before = receivers.taken("desk", "stays").length;
  const closed = await redrive(letter.id, { reason: "The desk takes them again" });
  expect(closed).toMatchObject({ status: "redriven", reason: "The desk takes them again" });
  expect(closed.sent_as).toMatch(/^ntf_/);
  const again = await until("it is told again", async () =>
    receivers.taken("desk", "stays").find(({ id }) => id === closed.sent_as),
  );
  expect([again.status, again.signed]).toEqual([200, true]);
  // Its end was told, and is over.
  expect(again.body.alerts.map(({ status, labels }) => [status, labels.host])).toEqual([["firing", "stays"]]);
  expect(await refusalOf(redrive(letter.id))).toMatchObject({ status: 409, code: "dead_letter.redriven" });
  expect(receivers.taken("desk", "stays").length).toBe(before + 1);
  expect(await lettersOf("desk", "cellar", "redriven")).toMatchObject([{ id: letter.id, sent_as: closed.sent_as }]);
  expect((await receiverOf("desk")).dead_letters).toBe(0);
  const line = await auditOf("monitor.notification_redriven", letter.id);
  expect(JSON.stringify(line)).toContain("The desk takes them again");
  const alert = letter.alerts.find(({ labels }) => labels.host === "stays");
  const { items } = await plane.operator.listAlertDeliveries({ params: { alert_id: alert?.alert_id ?? "" } });
  expect(items.map(({ why }) => why).join()).toContain("redriven");
});

test("an end that was given up is told by a redrive; of a begin that is over nothing is left to say", async () => {
  const begin = await refused("attic", ["x"]);
  receivers.answers("desk", 410);
  await says("resolved", ["x"], { room: "attic" });
  const [end] = await until("its end is given up too", async () => {
    const letters = await lettersOf("desk", "attic");
    return letters.length === 2 && letters;
  });
  expect(end).toMatchObject({ says: "resolved", detail: "answered 410" });
  expect(await redrive(begin.id)).toMatchObject({ status: "redriven", sent_as: null });
  const told = await redrive(end?.id ?? "");
  const last = await until("the end is told", async () =>
    receivers.taken("desk", "x").find(({ id }) => id === told.sent_as),
  );
  expect(last.body.status).toBe("resolved");
});

test("two redrives at once are one", async () => {
  const letter = await refused("hall", ["y"]);
  const answers = await Promise.allSettled([redrive(letter.id), redrive(letter.id)]);
  expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await until("it is told", async () => receivers.taken("desk", "y").some(({ status }) => status === 200));
});

test("a dead letter is its own receiver's", async () => {
  const letter = await refused("yard", ["z"]);
  expect(await refusalOf(redrive(letter.id, {}, "quiet"))).toMatchObject({ code: "dead_letter.not_found" });
  const query = plane.operator.listReceiverDeadLetters({ params: { name: "nobody" } });
  expect(await refusalOf(query)).toMatchObject({ status: 404, code: "receiver.not_found" });
});

test("a test goes the whole way of a notification, and says what came of it", async () => {
  const made = await plane.operator.testReceiver({ params: { name: "desk" } });
  expect(made).toMatchObject({ receiver: "desk", outcome: "delivered", detail: "answered 200" });
  const [begin, end] = receivers.taken("desk", "receiver_test");
  expect([begin?.id, begin?.signed, begin?.body.status]).toEqual([made.notification_id, true, "firing"]);
  // Nothing stays open at the receiver.
  expect([end?.signed, end?.body.status, end?.body.groupKey]).toEqual([true, "resolved", begin?.body.groupKey]);
  expect((await receiverOf("desk")).last_test).toEqual(made);
  expect(await auditOf("monitor.receiver_tested", made.notification_id)).toMatchObject({ who: expect.anything() });
  await plane.operator.testReceiver({ params: { name: "quiet" } });
  expect(receivers.taken("quiet", "receiver_test").map(({ body }) => body.status)).toEqual(["firing"]);
});

test("a test that fails says why, and is not sent again", async () => {
  receivers.answers("desk", 503);
  const before = receivers.taken("desk", "receiver_test").length;
  const made = await plane.operator.testReceiver({ params: { name: "desk" } });
  expect(made).toMatchObject({ outcome: "failed", detail: "answered 503" });
  receivers.answers("desk", 404);
  expect(await plane.operator.testReceiver({ params: { name: "desk" } })).toMatchObject({ outcome: "refused" });
  const keyless = await plane.operator.testReceiver({ params: { name: "keyless" } });
  expect(keyless).toMatchObject({ outcome: "failed", detail: expect.stringContaining("${secret:pagerduty}") });
  expect(receivers.taken("desk", "receiver_test").length).toBe(before + 2);
  expect(await refusalOf(plane.operator.testReceiver({ params: { name: "nobody" } }))).toMatchObject({ status: 404 });
});

test("the routing in force is told, and which of it an alert with some labels takes", async () => {
  const routing = await plane.operator.getAlertRouting();
  expect(routing.taken).toBeNull();
  expect(routing.routes).toMatchObject([
    { id: "{}", parent: null, receiver: "desk", group_by: ["room"], group_wait_seconds: 0 },
    { parent: "{}", matchers: ['team="night"'], continue: true, escalation: { loops: 1 }, group_by: ["room"] },
    { parent: "{}", receiver: "quiet", escalation: null, group_by: null, repeat_interval_seconds: 14_400 },
  ]);
  const rule = { name: "routed", metric: "tasks_queued_total", condition: "value > 1000000" };
  await plane.operator.createAlertRule({ body: { ...rule, severity: "error", routing: ["keyless"] } });
  const taken = async (labels: string) => (await plane.operator.getAlertRouting({ query: { labels } })).taken;
  expect(await taken('alertname=disk_full,room="a,b"')).toEqual([
    { route: "{}", receivers: ["desk"], group_labels: { room: "a,b" } },
  ]);
  expect(await taken("alertname=routed,team=night")).toEqual([
    { route: '{}/{team="night"}', receivers: ["mail", "keyless"], group_labels: { room: "" } },
    {
      route: '{}/{team=~"night|quiet"}',
      receivers: ["quiet"],
      group_labels: { alertname: "routed", team: "night" },
    },
  ]);
  expect(await refusalOf(taken("alertname"))).toMatchObject({ code: "request.invalid", errors: [{ path: "labels" }] });
});

test("what is said with an acknowledgement is kept, shown, and told with the alert", async () => {
  await says("firing", ["n1"], { room: "note" });
  await receivers.takes("desk", "n1", 1);
  const { items } = await plane.operator.listAlerts({ query: { matcher: 'host="n1"' } });
  const alert_id = items[0]?.alert_id ?? "";
  const params = { alert_id };
  const note = "Looked at by the night shift";
  const made = await plane.operator.acknowledgeAlert({ params, body: { note } });
  expect(made).toMatchObject({ state: "acknowledged", acknowledgement_note: note });
  const { log } = await plane.operator.getAlert({ params });
  expect(log.find(({ decision }) => decision === "acknowledged")?.why).toContain(note);
  expect(JSON.stringify(await auditOf("monitor.alert.acknowledged", alert_id))).toContain(note);
  // What changes in its group is told with it.
  await says("firing", ["n2"], { room: "note" });
  const told = await until("both are told", async () => receivers.taken("desk", "n2").at(-1)?.body.alerts);
  const line = told.find(({ labels }) => labels.host === "n1");
  expect(line?.annotations.acknowledged).toBe(`${made.acknowledged_by}: ${note}`);
  expect((await plane.operator.acknowledgeAlert({ params })).acknowledgement_note).toBeNull();
});

test("a silence ends later, or sooner; its comment is said anew; once it has ended it stays so", async () => {
  const begun = { matchers: ['room="silent"'], ends_at: "2999-01-01T00:00:00Z", comment: "Move" };
  const { silence_id } = await plane.operator.createSilence({ body: begun });
  const params = { silence_id };
  const change = (body: { ends_at?: string; comment?: string }) => plane.operator.changeSilence({ params, body });
  const longer = await change({ ends_at: "2999-02-01T00:00:00Z" });
  expect(longer).toMatchObject({ state: "active", ends_at: "2999-02-01T00:00:00.000Z", comment: "Move" });
  expect(await change({ comment: "It takes longer" })).toEqual({ ...longer, comment: "It takes longer" });
  expect(JSON.stringify(await auditOf("monitor.silence_changed", "It takes longer"))).toContain(silence_id);
  expect(await refusalOf(change({ ends_at: "2020-01-01T00:00:00Z" }))).toMatchObject({
    code: "request.invalid",
    errors: [{ path: "/ends_at" }],
  });
  expect(await refusalOf(change({}))).toMatchObject({ code: "request.invalid" });
  await says("firing", ["s1"], { room: "silent" });
  const soon = new Date(Date.now() + 2_000).toISOString();
  expect(await change({ ends_at: soon })).toMatchObject({ ends_at: soon });
  // It is told by the end that it has now.
  await receivers.takes("desk", "s1", 1);
  expect(await refusalOf(change({ comment: "Too late" }))).toMatchObject({ status: 409, code: "silence.ended" });
});

test("of more alerts than a notification shows it shows what ends and what begins, before what is known", async () => {
  const room = "crowd";
  const hosts = Array.from({ length: 120 }, (_, n) => `host-${n}`);
  const bodies = () => receivers.taken("desk", room).map(({ body }) => body);
  const shows = (host: string, status: string) =>
    until(`${host} is shown as ${status}`, async () =>
      bodies().some(({ alerts }) => alerts.some((alert) => alert.status === status && alert.labels.host === host)),
    );
  await says("firing", hosts, { room });
  await until("all are told", async () => bodies().some(({ truncatedAlerts }) => truncatedAlerts === 20));
  const seen = new Set(bodies().flatMap(({ alerts }) => alerts.map(({ labels }) => labels.host)));
  // A sweep that comes between the writes of a webhook tells of some before, and then all are shown.
  const host = hosts.find((each) => !seen.has(each)) ?? "host-0";
  await says("resolved", [host], { room });
  await shows(host, "resolved");
  await says("firing", ["late"], { room });
  await shows("late", "firing");
});
