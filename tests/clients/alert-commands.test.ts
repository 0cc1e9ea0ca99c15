import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { until } from "../harness/until.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { sweepless: true });
});
afterAll(() => plane.stop());

const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });

/** Says as an Alertmanager does that an alert of that host fires. */
const fires = (host: string, severity = "critical") =>
  plane.operator.ingestAlertmanager({
    body: { version: "4", alerts: [{ status: "firing", labels: { alertname: "disk_full", severity, host } }] },
  });

async function alertOf(host: string): Promise<string> {
  await fires(host);
  const { out } = await omoi("alert", "list", "--matcher", `host="${host}"`, "--json");
  return (JSON.parse(out) as { items: { alert_id: string }[] }).items[0]?.alert_id ?? "";
}

/** Words of a table's lines, without ids and spans of time. */
const cells = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/).filter((cell) => !/^(alert|silence)_|^\d+ (s|min)$/.test(cell)));

test("an alert is listed, taken on, and said to be over; its page tells what was decided and who was told", async () => {
  const alert_id = await alertOf("h1");
  const { out } = await omoi("alert", "list", "--name", "disk_full", "--matcher", 'host="h1"');
  expect(cells(out)).toEqual([
    ["ALERT", "SEVERITY", "STATE", "SINCE", "NAME", "VALUE", "LABELS"],
    ["critical", "firing", "disk_full", expect.stringContaining("host=h1")],
  ]);
  expect((await omoi("alert", "ack", alert_id)).out).toMatch(/^state +acknowledged$/m);
  expect((await omoi("alert", "ack", alert_id, "--note", "Cutting logs")).out).toMatch(/^and said +Cutting logs$/m);
  const over = await omoi("alert", "resolve", alert_id, "--note", "Logs were cut");
  expect(over.out).toMatch(/^note +Logs were cut$/m);
  expect((await omoi("alert", "list", "--matcher", 'host="h1"')).out).toBe("no alerts\n");
  const past = await omoi("alert", "list", "--state", "resolved", "--severity", "critical", "--matcher", 'host="h1"');
  expect(past.out).toContain(alert_id);
  const told = await until("it was sent", async () => {
    const { out } = await omoi("alert", "show", alert_id);
    return out.includes("delivered") && out;
  });
  for (const decision of ["firing", "acknowledged", "resolved"]) expect(told).toMatch(new RegExp(`  ${decision} +`));
  expect(told).toMatch(/ntf_\w+ .* 1 +delivered/);
  const json = JSON.parse((await omoi("alert", "show", alert_id, "--json")).out);
  expect(json).toMatchObject({ alert_id, state: "resolved", deliveries: [{ tries: [{ outcome: "delivered" }] }] });
});

test("an alert that is over cannot be taken on: a no, with its reason", async () => {
  const alert_id = await alertOf("h2");
  await omoi("alert", "resolve", alert_id);
  expect(await omoi("alert", "ack", alert_id)).toMatchObject({ exit: 1, err: expect.stringMatching(/^omoi: /) });
  expect(await omoi("alert", "show", "alert_none")).toMatchObject({ exit: 1, out: "" });
});

test("more alerts than were asked for are told of", async () => {
  for (const host of ["m1", "m2", "m3"]) await fires(host, "warning");
  const { out, err } = await omoi("alert", "list", "--severity", "warning", "--limit", "2");
  expect(out.match(/alert_/g)).toHaveLength(2);
  expect(err).toBe("there are more: --limit 4\n");
});

test("a silence is made for a time, listed, and ended", async () => {
  const made = await omoi("silence", "add", 'host="h9"', 'alertname=~"disk.*"', "--for", "1h30m", "--comment", "Move");
  expect(made.out).toMatch(/^state +active$/m);
  const { out } = await omoi("silence", "list", "--json");
  const { silence_id, starts_at, ends_at, ...rest } = JSON.parse(out).items[0];
  expect(rest).toMatchObject({ matchers: ['host="h9"', 'alertname=~"disk.*"'], comment: "Move" });
  expect(Math.abs(Date.parse(ends_at) - Date.parse(starts_at) - 5_400_000)).toBeLessThan(60_000);
  expect((await omoi("silence", "list")).out).toMatch(/active .*host="h9" alertname=~"disk\.\*" .*Move/);
  const changed = await omoi("silence", "change", silence_id, "--for", "3h", "--comment", "Move of two racks");
  expect(changed.out).toMatch(/^comment +Move of two racks$/m);
  const [now] = JSON.parse((await omoi("silence", "list", "--json")).out).items;
  expect(Date.parse(now.ends_at)).toBeGreaterThan(Date.parse(ends_at) + 3_600_000);
  expect(await omoi("silence", "change", silence_id)).toMatchObject({ exit: 2 });
  expect((await omoi("silence", "end", silence_id)).out).toMatch(/^state +expired$/m);
});

test("a silence that comes back each week goes by the clock of its zone", async () => {
  const words = ["--weekdays", "monday:friday", "--hours", "18:00-24:00", "--zone", "Europe/Berlin"];
  const made = await omoi("silence", "add", 'team="night"', ...words, "--comment", "Nobody is there");
  expect(made.out).toMatch(/^each week +monday:friday 18:00-24:00 Europe\/Berlin$/m);
  expect(made.out).not.toMatch(/^until/m);
});

test.each([
  [["--comment", "x"], /give --for or --until/],
  [["--for", "2h", "--until", "2999-01-01T00:00:00Z", "--comment", "x"], /not both/],
  [["--for", "soon", "--comment", "x"], /whole numbers with s, m, h or d/],
  [["--for", "2h", "--zone", "UTC", "--comment", "x"], /--zone says/],
  [["--for", "2h", "--from", "tomorrow", "--comment", "x"], /--from tomorrow is no time/],
  [["--for", "2h"], /required option '--comment/],
  [["--hours", "25:00-26:00", "--comment", "x"], /hours/],
])("a silence that says too little or too much is wrong use: %j", async (options, message) => {
  const { err, exit } = await omoi("silence", "add", 'a="b"', ...options);
  expect({ exit, err }).toEqual({ exit: 2, err: expect.stringMatching(message) });
});
