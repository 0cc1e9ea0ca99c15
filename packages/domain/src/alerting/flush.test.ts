import { describe, expect, it } from "vitest";
import { flush } from "./flush.ts";
import type { Group, Member } from "./group.ts";
import { fingerprint, identityLabels } from "./identity.ts";
import { hear } from "./life.ts";
import { place } from "./placement.ts";
import { at, ends, fires, routingFrom, told } from "./scenario.fixture.ts";
import { runScenario } from "./scenario.ts";
import type { AlertSignal } from "./signal.ts";

const routing = routingFrom(`receivers: [{ name: slack, type: slack }, { name: mail, type: email }]
route: { receiver: slack, routes: [{ matchers: [team=b], receiver: mail }] }`);
const around = { routing, silences: [], sources: [], external_url: "https://plane.example.com" };

/** A group with one alert, just before it is told. */
function waiting(labels = { agent_id: "a1" }): { group: Group; members: Member[] } {
  const step = hear(
    undefined,
    fires(0, { labels, annotations: { summary: "too slow" }, runbook_url: "https://r.example.com" }),
  );
  if (step === undefined) throw new Error("nothing was heard");
  const [joined] = place(routing, step.alert, new Map(), at(0)).joined;
  if (joined === undefined) throw new Error("no group was joined");
  return { group: joined.group, members: [joined.member] };
}

/** A group, and its members as these words leave them. */
function held(words: readonly AlertSignal[], before?: { group: Group; members: readonly Member[] }): [Group, Member[]] {
  let group = before?.group;
  const members = new Map(before?.members.map((member) => [member.fingerprint, member]));
  for (const word of words) {
    const known = members.get(fingerprint(identityLabels(word)));
    const opened = known && hear(undefined, { ...word, status: "firing", at: known.starts_at })?.alert;
    const alert = hear(opened && { ...opened, groups: [known.group_key] }, word)?.alert;
    const joined =
      alert && place(routing, alert, new Map([['{}:{alertname="slow"}', { group, member: known }]]), word.at).joined[0];
    if (joined === undefined) throw new Error("nothing was heard");
    group = joined.group;
    members.set(joined.member.fingerprint, joined.member);
  }
  if (group === undefined) throw new Error("nothing was said");
  return [group, [...members.values()]];
}

const after = ({ members }: { members: readonly Member[] }, { fingerprint }: Member) =>
  members.find((member) => member.fingerprint === fingerprint);

describe("a look at a group", () => {
  it("tells, and a second one at the same moment changes nothing", () => {
    const { group, members } = waiting();
    const once = flush(group, members, around, at(30));
    expect(once.notices).toHaveLength(1);
    const twice = flush(once.group, once.members, around, at(30));
    expect([twice.notices, twice.entries, twice.group, twice.members]).toEqual([[], [], once.group, once.members]);
  });

  it("gives the same id to what two looks at the same state tell", () => {
    const { group, members } = waiting();
    const [one, other] = [at(30), at(45)].map((now) => flush(group, members, around, now).notices[0]);
    expect(one?.notification_id).toMatch(/^ntf_/);
    expect(other?.notification_id).toBe(one?.notification_id);
  });

  it("too early tells nothing, and leaves the group due when it was", () => {
    const { group, members } = waiting();
    const early = flush(group, members, around, at(10));
    expect([early.notices, early.group.due_at]).toEqual([[], at(30)]);
  });

  it("gives Alertmanager's body", () => {
    const { group, members } = waiting();
    expect(flush(group, members, around, at(30)).notices[0]?.notification).toEqual({
      version: "4",
      groupKey: '{}:{alertname="slow"}',
      truncatedAlerts: 0,
      status: "firing",
      receiver: "slack",
      groupLabels: { alertname: "slow" },
      commonLabels: { agent_id: "a1", alertname: "slow", severity: "warning" },
      commonAnnotations: { runbook_url: "https://r.example.com", summary: "too slow" },
      externalURL: "https://plane.example.com",
      alerts: [
        {
          status: "firing",
          labels: { agent_id: "a1", alertname: "slow", severity: "warning" },
          annotations: { summary: "too slow", runbook_url: "https://r.example.com" },
          startsAt: "2026-01-05T10:00:00.000Z",
          endsAt: "0001-01-01T00:00:00Z",
          generatorURL: `https://plane.example.com/api/v1/alerts/${members[0]?.alert_id}`,
          fingerprint: members[0]?.fingerprint,
        },
      ],
    });
  });

  it("that died half-way is taken up where it stood", () => {
    const given = (n: number) => ({ labels: { agent_id: `a${n}` }, deduplication_window_ms: 600_000 });
    const words = [0, 1, 2, 3].map((n) => fires(n, given(n)));
    const told = flush(...held(words), around, at(60));
    const later = [ends(200, given(0)), fires(210, given(4)), ends(220, given(1))];
    const [group, members] = held(later, told);
    const whole = flush(group, members, around, at(400));
    expect(whole.notices[0]?.notification.alerts.map(({ status }) => status)).toEqual([
      "firing",
      "firing",
      "firing",
      "resolved",
      "resolved",
    ]);
    for (let written = 0; written <= members.length; written += 1) {
      const half = members.map((member, n) => (n < written ? (after(whole, member) ?? member) : member));
      const again = flush(group, half, around, at(400));
      expect(again.members.map(({ told }) => told)).toEqual(whole.members.map(({ told }) => told));
    }
  });

  it("has alerts placed anew whose route the configuration has lost, and still tells of their end", () => {
    const { group, members } = waiting({ agent_id: "a1", team: "b" } as { agent_id: string });
    const first = flush(group, members, around, at(30));
    expect(first.notices.map(({ receiver }) => receiver)).toEqual(["mail"]);
    const changed = routingFrom(
      "receivers: [{ name: slack, type: slack }, { name: mail, type: email }]\nroute: { receiver: slack }",
    );
    const lost = flush(first.group, first.members, { ...around, routing: changed }, at(60));
    expect([lost.notices, lost.homeless]).toEqual([[], [members[0]?.fingerprint]]);
    const over = lost.members.map((member): Member => ({ ...member, status: "resolved", ends_at: at(400) }));
    const last = flush(lost.group, over, { ...around, routing: changed }, at(400));
    expect(last.notices.map(({ receiver, notification: { status } }) => [receiver, status])).toEqual([
      ["mail", "resolved"],
    ]);
  });
});

describe("the same notifications", () => {
  const words = [
    fires(0),
    fires(5, { labels: { agent_id: "a2" } }),
    ends(10),
    fires(400, { severity: "critical" }),
    ends(900),
  ];
  const until = 3_600;

  it("however often each word comes", () => {
    const five = words.flatMap((word) =>
      [0, 1, 2, 3, 4].map((late) => ({ ...word, arrives_at: word.at + late * 1_000 })),
    );
    expect(told({ routing, signals: five, until })).toEqual(told({ routing, signals: words, until }));
  });

  it("when words overtake each other", () => {
    const swapped = words.map((word, n) => ({ ...word, arrives_at: word.at + (n % 2 === 0 ? 12_000 : 0) }));
    const given = (lines: string[]) => lines.map((line) => line.replace(/^\S+ /, ""));
    expect(given(told({ routing, signals: swapped, until }))).toEqual(given(told({ routing, signals: words, until })));
  });
});

it("tells a storm of ten thousand alerts in as many notifications as there are groups", () => {
  const signals = Array.from({ length: 10_000 }, (_, n) =>
    fires((n * 60) / 10_000, {
      alertname: `storm${n % 10}`,
      labels: { agent_id: `a${n}` },
      severity: n % 2 === 0 ? "critical" : "error",
    }),
  );
  const { notices } = runScenario({ routing, signals, until: at(400) });
  expect(notices.filter((notice) => notice.at <= at(60))).toHaveLength(10);
  expect(notices.at(-1)?.notification.truncatedAlerts).toBe(900);
});
