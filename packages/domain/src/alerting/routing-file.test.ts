import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { strayFaults } from "../config/broken-parts.fixture.ts";
import type { AddressRules } from "./receiver-checks.ts";
import { readRouting } from "./routing-file.ts";

const WHOLE = `receivers:
  - { name: oncall, type: pagerduty, routing_key: "\${secret:pagerduty}" }
  - { name: slack, type: slack, url: "\${secret:slack_webhook}" }
  - { name: mail, type: email, to: [ops@example.com] }
  - { name: hook, type: webhook, url: "\${secret:hook_url}", secret: "\${secret:hook_key}" }
route:
  receiver: slack
  group_by: [alertname]
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 4h
  routes:
    - { matchers: ['severity="critical"'], receiver: oncall, escalation: night, continue: true }
    - { matchers: ['phase_id=~"PHASE_(TESTING|DEPLOYMENT)"'], receiver: mail, mute_times: [office_nights] }
inhibit_rules:
  - { source_matchers: ['alertname="mass"'], target_matchers: ['alertname="slow"'], equal: [] }
mute_times:
  - { name: office_nights, times: [{ weekdays: ['monday:friday'], hours: ['18:00-24:00'], zone: Europe/Berlin }] }
escalations:
  - { name: night, steps: [{ after: 0s, receiver: oncall }, { after: 10m, receiver: mail }], loops: 1 }
resolve_timeout: 5m
`;
const stage = (plain: boolean): AddressRules => ({
  plain,
  faultOf: (url) => (!plain && url.includes("//10.") ? "must not lead to a private or loopback address" : undefined),
});
const faultsOf = (text: string, plain = false) => {
  const read = readRouting(text, "r.yaml", stage(plain));
  return read.ok ? [] : read.faults;
};

it("takes the whole of an example", () => {
  expect(faultsOf(WHOLE)).toEqual([]);
});

it("takes the shipped file, on a stage without secrets too", () => {
  expect(faultsOf(readFileSync("config/alert_routing.yaml", "utf8"))).toEqual([]);
});

describe("names each fault with its place", () => {
  it.each([
    [
      "receiver: slack\n",
      "receiver: slak\n",
      "r.yaml:7:13 route.receiver: there is no receiver slak. Did you mean `slack`?",
    ],
    [
      "receiver: mail, m",
      "receiver: mial, m",
      "r.yaml:14:73 route.routes[1].receiver: there is no receiver mial. Did you mean `mail`?",
    ],
    [
      "[office_nights]",
      "[office_night]",
      "r.yaml:14:92 route.routes[1].mute_times[0]: there is no mute time office_night. Did you mean `office_nights`?",
    ],
    [
      "escalation: night",
      "escalation: nigth",
      "r.yaml:13:74 route.routes[0].escalation: there is no escalation nigth. Did you mean `night`?",
    ],
    [
      "receiver: mail }]",
      "receiver: nobody }]",
      "r.yaml:20:85 escalations[0].steps[1].receiver: there is no receiver nobody.",
    ],
    [
      "after: 10m",
      "after: 10",
      "r.yaml:20:70 escalations[0].steps[1].after: must be a duration with its unit: 90s, 5m, 4h or 1d",
    ],
    [
      "after: 0s",
      "after: 20m",
      "r.yaml:20:71 escalations[0].steps[1].after: is before the step above: each counts from the first notification",
    ],
    [
      "after: 10m, receiver: mail }], loops: 1",
      "after: 0s, receiver: mail }], loops: 2",
      "r.yaml:20:100 escalations[0].loops: go round without a pause: let the last step come after some time",
    ],
    [
      `'severity="critical"'`,
      `'severity critical'`,
      'r.yaml:13:20 route.routes[0].matchers[0]: severity critical is no matcher: write label="value", with =, !=, =~ or !~',
    ],
    [
      `"PHASE_(TESTING|DEPLOYMENT)"`,
      `"PHASE_(TESTING"`,
      'r.yaml:14:20 route.routes[1].matchers[0]: phase_id=~"PHASE_(TESTING" has a pattern that is none: Unterminated group',
    ],
    [
      `'alertname="slow"'`,
      `'alertname="slow'`,
      'r.yaml:16:64 inhibit_rules[0].target_matchers[0]: alertname="slow has a value that does not end: write alertname="value"',
    ],
    [
      "Europe/Berlin",
      "Europe/Berln",
      "r.yaml:18:97 mute_times[0].times[0].zone: there is no zone Europe/Berln: write one such as Europe/Berlin. Did you mean `Europe/Berlin`?",
    ],
    [
      "18:00-24:00",
      "18:00-25:00",
      "r.yaml:18:75 mute_times[0].times[0].hours[0]: 18:00-25:00 are no hours: write them as 18:00-24:00",
    ],
    [
      "18:00-24:00",
      "18:00-06:00",
      "r.yaml:18:75 mute_times[0].times[0].hours[0]: 18:00-06:00 end before they begin: write the night as two, 18:00-24:00 and 00:00-06:00",
    ],
    [
      "monday:friday",
      "monday:firday",
      "r.yaml:18:49 mute_times[0].times[0].weekdays[0]: monday:firday is no weekday or range such as monday:friday. Did you mean `friday`?",
    ],
    [
      "group_by: [alertname]",
      "group_by: [alertname, ...]",
      "r.yaml:8:13 route.group_by: `...` leaves each alert by itself: it stands alone",
    ],
    ["group_wait", "group_wiat", "r.yaml:9:3 route: unknown key `group_wiat`. Did you mean `group_wait`?"],
    [
      "continue: true",
      "continu: true",
      "r.yaml:13:81 route.routes[0]: unknown key `continu`. Did you mean `continue`?",
    ],
    [
      "type: slack",
      "type: slak",
      "r.yaml:3:26 receivers[1].type: must be one of email, slack, webhook, pagerduty. Did you mean `slack`?",
    ],
    ["name: mail,", "name: slack,", "r.yaml:4:13 receivers[2].name: slack is taken already: each needs its own"],
    [`, secret: "\${secret:hook_key}"`, "", "r.yaml:5:5 receivers[3].secret: is missing: webhook needs it"],
    ["ops@example.com", "ops", "r.yaml:4:37 receivers[2].to[0]: must be a mail address, such as ops@example.com"],
    [
      "${secret:pagerduty}",
      "R0123",
      'r.yaml:2:51 receivers[0].routing_key: must be "${secret:NAME}": a plain one is taken only where stages.yaml has allow_private_webhooks: true',
    ],
    [
      "${secret:hook_key}",
      "whsec_abc",
      'r.yaml:5:69 receivers[3].secret: must be "${secret:NAME}": a plain one is taken only where stages.yaml has allow_private_webhooks: true',
    ],
    [
      "${secret:hook_key}",
      "${secret: hook}",
      'r.yaml:5:69 receivers[3].secret: ${secret: hook} is no secret\'s name: write "${secret:NAME}"',
    ],
    [
      "${secret:hook_url}",
      "https://10.0.0.1/a",
      "r.yaml:5:39 receivers[3].url: must not lead to a private or loopback address",
    ],
    [
      "${secret:hook_url}",
      "over there",
      "r.yaml:5:39 receivers[3].url: must be a url, such as https://example.com/hook",
    ],
  ])("%s → %s", (from, to, fault) => {
    const faults = faultsOf(WHOLE.replace(from, () => to));
    expect(faults).toContain(fault);
  });

  it("at the character", () => {
    const faults = faultsOf(
      WHOLE.replace("receiver: slack\n", "receiver: slak\n").replace("Europe/Berlin", "Mars/Base"),
    );
    expect(faults.map((line) => line.split(" ")[0])).toEqual(["r.yaml:7:13", "r.yaml:18:97"]);
  });
});

it("takes plain addresses and keys where the stage lets them stand in the file", () => {
  const text = WHOLE.replace("${secret:hook_url}", "http://10.0.0.1/a").replace("${secret:hook_key}", "whsec_abc");
  expect(faultsOf(text, true)).toEqual([]);
  expect(faultsOf(text, false)).toHaveLength(2);
});

it("asks for no addresses where nothing is sent", () => {
  const text = "receivers: [{ name: main, type: webhook }]\nroute: { receiver: main, group_wait: 30s }";
  expect(readRouting(text, "test.yaml").ok).toBe(true);
  expect(faultsOf(text)).toHaveLength(2);
});

describe("faults of form and of meaning are told in one run", () => {
  it("each at its place, and none that follows from what could not be read", () => {
    const text = WHOLE.replace("type: slack", "type: slak")
      .replace("group_wait: 30s", "group_wait: soon")
      .replace("receiver: oncall, escalation: night", "receiver: oncal, escalation: nihgt")
      .replace("loops: 1", "loops: 1.5")
      .replace(`'alertname="slow"'`, "'alertname'")
      .replace('routing_key: "${secret:pagerduty}"', "routing_key: plain");
    expect(faultsOf(text)).toEqual([
      'r.yaml:2:51 receivers[0].routing_key: must be "${secret:NAME}": a plain one is taken only where stages.yaml has allow_private_webhooks: true',
      "r.yaml:3:26 receivers[1].type: must be one of email, slack, webhook, pagerduty. Did you mean `slack`?",
      "r.yaml:9:15 route.group_wait: must be whole numbers with s, m, h or d behind them: 90s, 5m, 1h30m or 1d",
      "r.yaml:13:54 route.routes[0].receiver: there is no receiver oncal. Did you mean `oncall`?",
      "r.yaml:13:73 route.routes[0].escalation: there is no escalation nihgt. Did you mean `night`?",
      'r.yaml:16:64 inhibit_rules[0].target_matchers[0]: alertname is no matcher: write label="value", with =, !=, =~ or !~',
      "r.yaml:20:101 escalations[0].loops: must be a whole number, is 1.5",
    ]);
  });
});

describe("says nothing that follows from a part that could not be read", () => {
  it("whichever it is", () => {
    expect(strayFaults(WHOLE, faultsOf)).toEqual([]);
  });

  it.each([
    ["an entry without a name", "name: mail, ", ""],
    ["no entry", /receivers:\n( .*\n)*/, "receivers: []\n"],
    ["a pause that is none", "after: 10m, receiver: mail }], loops: 1", "after: soon, receiver: mail }], loops: 2"],
    [
      "no step",
      "steps: [{ after: 0s, receiver: oncall }, { after: 10m, receiver: mail }], loops: 1",
      "steps: [], loops: 2",
    ],
  ])("%s", (_what, from, to) => {
    expect(faultsOf(WHOLE.replace(from, to))).toHaveLength(1);
  });
});
