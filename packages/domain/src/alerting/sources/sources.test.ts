import { alertmanagerBody } from "@omoios/contracts/shapes/alert";
import { alarmStateChange } from "@omoios/contracts/shapes/cloudwatch-alarm";
import { describe, expect, it } from "vitest";
import { at, HOUR, routingFrom, START } from "../scenario.fixture.ts";
import { runScenario } from "../scenario.ts";
import { alertmanagerSignals } from "./alertmanager.ts";
import { alarmSignal } from "./cloudwatch.ts";

const routing = routingFrom(
  "receivers: [{ name: slack, type: slack }]\nroute: { receiver: slack, group_wait: 0s, group_interval: 1s }",
);

/** A body as an Alertmanager sends it. */
const body = (alert: Record<string, unknown>) => ({
  version: "4",
  groupKey: '{}:{alertname="DiskFull"}',
  truncatedAlerts: 0,
  status: "firing",
  receiver: "omoios",
  groupLabels: { alertname: "DiskFull" },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: "http://alertmanager:9093",
  alerts: [
    {
      status: "firing",
      labels: { alertname: "DiskFull", severity: "critical", host: "h1" },
      annotations: { summary: "full" },
      startsAt: "2026-01-05T09:58:00.123456789+01:00",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "http://prometheus",
      fingerprint: "5ef77f1f8a3ecfcb",
      ...alert,
    },
  ],
});
const received = (seconds: number, alert: Record<string, unknown> = {}) =>
  alertmanagerSignals(alertmanagerBody().parse(body(alert)), 300_000, at(seconds));

describe("an Alertmanager's webhook", () => {
  it("says what fires, for as long as resolve_timeout", () => {
    expect(received(0)).toEqual([
      {
        alertname: "DiskFull",
        labels: { host: "h1" },
        status: "firing",
        severity: "critical",
        annotations: { summary: "full" },
        at: START,
        routing: [],
        deduplication_window_ms: 0,
        ends_at: at(300),
      },
    ]);
  });

  it.each([
    ["an end of its own", { endsAt: "2026-01-05T10:10:00Z" }, { ends_at: at(600) }],
    ["no severity", { labels: { alertname: "DiskFull" } }, { severity: "warning" }],
    [
      "a severity that is none of ours",
      { labels: { alertname: "DiskFull", severity: "page" } },
      { severity: "warning" },
    ],
  ])("takes %s", (_, alert, expected) => {
    expect(received(0, alert)[0]).toMatchObject(expected);
  });

  it.each([
    ["another version", { ...body({}), version: "3" }],
    ["an alert without a name", body({ labels: { host: "h1" } })],
  ])("refuses %s", (_, wrong) => {
    expect(alertmanagerBody().safeParse(wrong).success).toBe(false);
  });

  it.each([
    { what: "says so", signals: [...received(0), ...received(60, { status: "resolved" })], ends: 60 },
    { what: "says no more of it", signals: [...received(0), ...received(200)], ends: 500 },
  ])("ends an alert when it $what", ({ signals, ends }) => {
    const { notices } = runScenario({ routing, signals, until: at(HOUR) });
    expect(notices.map((notice) => [notice.at, notice.notification.status])).toEqual([
      [at(0), "firing"],
      [at(ends), "resolved"],
    ]);
  });
});

/** A change of an alarm's state, as EventBridge brings it. */
const changed = (state: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  version: "0",
  id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
  "detail-type": "CloudWatch Alarm State Change",
  source: "aws.cloudwatch",
  account: "123456789012",
  time: "2026-01-05T10:00:01Z",
  region: "us-east-1",
  resources: ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:sweep"],
  detail: {
    alarmName: "sweep",
    configuration: { description: "The sweep leaves no beat", metrics: [] },
    previousState: { value: "OK", timestamp: "2026-01-05T09:00:00.000+0000" },
    state,
  },
  ...more,
});

describe("an alarm of CloudWatch", () => {
  const change = (value: string, timestamp: string) =>
    alarmSignal(alarmStateChange().parse(changed({ value, reason: "no data", reasonData: "{}", timestamp })));

  it.each([
    ["ALARM", "firing"],
    ["OK", "resolved"],
  ])("in the state %s is %s", (value, status) => {
    expect(change(value, "2026-01-05T10:00:00.000+0000")).toMatchObject({
      alertname: "cloudwatch_alarm",
      labels: { alarm_name: "sweep", account: "123456789012", region: "us-east-1" },
      status,
      at: START,
      annotations: { summary: "sweep: no data", description: "The sweep leaves no beat" },
    });
  });

  it("without data says nothing", () => {
    expect(change("INSUFFICIENT_DATA", "2026-01-05T10:00:00.000+0000")).toBeUndefined();
  });

  it("without a time of its own has the event's, and without a description none", () => {
    const detail = { alarmName: "sweep", state: { value: "OK" } };
    const signal = alarmSignal(alarmStateChange().parse(changed({}, { detail })));
    expect(signal).toMatchObject({ at: START + 1000, annotations: { summary: "sweep: " } });
    expect(signal?.annotations).not.toHaveProperty("description");
  });

  it.each([
    ["a state that there is none of", changed({ value: "MAYBE" })],
    ["a time that is none", changed({ value: "ALARM", timestamp: "yesterday" })],
    ["no time", changed({ value: "ALARM" }, { time: "" })],
    ["no alarm's name", changed({}, { detail: { alarmName: "", state: { value: "ALARM" } } })],
  ])("is refused with %s", (_, wrong) => {
    expect(alarmStateChange().safeParse(wrong).success).toBe(false);
  });

  it("resolved by hand stays so until it goes off again", () => {
    const words = ["2026-01-05T10:00:00.000+0000", "2026-01-05T10:30:00.000+0000"].map((time) => change("ALARM", time));
    const signals = words.flatMap((word) => (word === undefined ? [] : [word]));
    const acts = [{ at: at(300), do: "resolve" as const, alert: "cloudwatch_alarm" }];
    const { notices } = runScenario({ routing, signals, acts, until: at(HOUR) });
    expect(notices.map((notice) => [notice.at, notice.notification.status])).toEqual([
      [at(0), "firing"],
      [at(300), "resolved"],
      [at(1_800), "firing"],
    ]);
  });

  it("is told once, in whatever order its states arrive", () => {
    const words = [change("ALARM", "2026-01-05T10:00:00.000+0000"), change("OK", "2026-01-05T10:05:00.000+0000")];
    const signals = words.flatMap((word) => (word === undefined ? [] : [word]));
    const late = signals.map((signal, n) => ({ ...signal, arrives_at: at(n === 0 ? 400 : 300) }));
    expect(runScenario({ routing, signals, until: at(HOUR) }).notices).toHaveLength(2);
    expect(runScenario({ routing, signals: late, until: at(HOUR) }).notices).toEqual([]);
  });
});
