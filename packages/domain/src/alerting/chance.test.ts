import { type Random, seededRandom } from "@omoios/kernel/random";
import { beforeAll, expect, it } from "vitest";
import { at, ends, fires, HOUR, routingFrom } from "./scenario.fixture.ts";
import { type Act, type Course, runScenario, type Scenario } from "./scenario.ts";

const SCENARIOS = 50;
const routing =
  routingFrom(`receivers: [{ name: slack, type: slack }, { name: mail, type: email }, { name: oncall, type: pagerduty }]
route:
  receiver: slack
  group_by: [alertname]
  group_interval: 2m
  routes:
    - { matchers: [severity=critical], receiver: oncall, escalation: night, continue: true }
    - { matchers: ['agent_id=~"a[12]"'], receiver: mail, group_by: ['...'], mute_times: [teatime] }
inhibit_rules: [{ source_matchers: [alertname=mass], target_matchers: [alertname=slow], equal: [zone] }]
mute_times: [{ name: teatime, times: [{ hours: ['10:20-10:35'], zone: UTC }] }]
escalations: [{ name: night, loops: 2, steps: [{ after: 0s, receiver: oncall }, { after: 7m, receiver: slack }] }]`);

/** An hour and more of words, acknowledgements, pauses and silences as chance has it; everything has ended by its end. */
function scenarioOf(random: Random): Scenario {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const alerts = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, n) => ({
    alertname: pick(["slow", "late", "mass"]),
    labels: { agent_id: `a${n}`, zone: pick(["x", "y"]) },
    deduplication_window_ms: pick([0, 60_000, 300_000]),
    routing: pick([[], ["mail"], ["slack", "oncall"]]),
    lasts_ms: pick([undefined, 400_000]),
  }));
  const second = () => Math.floor(random() * HOUR);
  const signals = alerts.flatMap(({ lasts_ms, ...alert }) => [
    ...Array.from({ length: Math.floor(random() * 12) }, () => {
      const given = { ...alert, severity: pick(["warning", "critical"] as const) };
      if (random() > 0.55) return ends(second(), given);
      const word = fires(second(), given);
      return lasts_ms === undefined ? word : { ...word, ends_at: word.at + lasts_ms };
    }),
    ends(HOUR + 60, alert),
  ]);
  const acts: Act[] = [
    ...Array.from({ length: Math.floor(random() * 4) }, () => ({
      at: at(second()),
      do: pick(["acknowledge", "resolve"] as const),
      alert: pick(["slow", "late"]),
    })),
    ...(random() < 0.3 ? [{ at: at(second()), do: "pause_sweep" as const, for_ms: 600_000 }] : []),
  ];
  const silence = { silence_id: "sil_1", matchers: ["zone=x"], author: "ann", comment: "known" };
  const silences =
    random() < 0.4 ? [{ ...silence, starts_at: at(second() / 2), ends_at: at(1_800 + second() / 2) }] : [];
  return { routing, silences, signals, acts, until: at(3 * HOUR) };
}

const seeds = Array.from({ length: SCENARIOS }, (_, seed) => seed + 1);
const courses = new Map<number, Course>();
beforeAll(() => {
  for (const seed of seeds) courses.set(seed, runScenario(scenarioOf(seededRandom(seed))));
});

it("calls off what it told of, nothing else, and leaves nothing open", () => {
  let notices = 0;
  for (const [seed, course] of courses) {
    const known = new Map<string, string>();
    for (const { receiver, notification } of course.notices) {
      expect(notification.alerts.length, `seed ${seed}`).toBeGreaterThan(0);
      for (const { fingerprint, status } of notification.alerts) {
        const key = `${receiver} ${notification.groupKey} ${fingerprint}`;
        if (status === "resolved") expect(known.get(key), `seed ${seed}: ${key}`).toBe("firing");
        known.set(key, status);
      }
    }
    notices += course.notices.length;
    expect(
      [...known].filter(([, status]) => status !== "resolved"),
      `seed ${seed}`,
    ).toEqual([]);
    const ids = course.notices.map(({ notification_id }) => notification_id);
    expect(new Set(ids).size, `seed ${seed}`).toBe(ids.length);
  }
  expect(notices).toBeGreaterThan(SCENARIOS);
});

it("tells a receiver of a group's changes no oftener than its interval, but for what cannot wait", () => {
  for (const [seed, course] of courses) {
    const last = new Map<string, number>();
    for (const { receiver, notification, at: now, why, first } of course.notices) {
      const key = `${receiver} ${notification.groupKey}`;
      const before = last.get(key);
      last.set(key, now);
      if (before === undefined || first || why !== "changed") continue;
      expect(now - before, `seed ${seed}: ${key}`).toBeGreaterThanOrEqual(120_000);
    }
  }
});

it("tells the same, however often each word comes", () => {
  for (const seed of seeds) {
    const scenario = scenarioOf(seededRandom(seed));
    const often = { ...scenario, signals: scenario.signals.flatMap((signal) => [signal, signal, signal]) };
    expect(runScenario(often).notices, `seed ${seed}`).toEqual(courses.get(seed)?.notices);
  }
});
