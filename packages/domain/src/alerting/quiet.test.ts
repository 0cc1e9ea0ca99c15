import { describe, expect, it } from "vitest";
import { a2, at, ends, fires, HOUR, plain, RECEIVERS, routingFrom, swift, told } from "./scenario.fixture.ts";

describe("silences, inhibition and mute times", () => {
  const silence = (from: number, until: number) => ({
    silence_id: "sil_1",
    matchers: ['agent_id="a1"'],
    starts_at: at(from),
    ends_at: at(until),
    author: "ann",
    comment: "known",
  });
  const inhibiting = routingFrom(`${RECEIVERS}route: { receiver: slack, group_wait: 0s, group_interval: 1m }
inhibit_rules:
  - { source_matchers: [alertname="mass"], target_matchers: [alertname="slow"], equal: [zone] }
`);
  const mass = { alertname: "mass", labels: {} };
  const nights = routingFrom(`${RECEIVERS}route: { receiver: slack, group_wait: 0s, mute_times: [nights] }
mute_times: [{ name: nights, times: [{ hours: ['18:00-24:00'], zone: UTC }] }]`);

  it.each([
    {
      what: "who was told of the firing hears of the end through a silence",
      routing: swift,
      silences: [silence(10, 1_000)],
      signals: [fires(0), ends(60)],
      lines: ["0 slack new: firing a1", "60 slack changed: resolved a1"],
    },
    {
      what: "who was told nothing hears nothing",
      routing: swift,
      silences: [silence(0, 1_000)],
      signals: [fires(0), ends(60)],
      lines: [],
    },
    {
      what: "what outlasts its silence is told",
      routing: plain,
      silences: [silence(0, 70)],
      signals: [fires(0)],
      lines: ["70 slack new: firing a1"],
    },
    {
      what: "a silence of one says nothing of others",
      routing: plain,
      silences: [silence(0, 1_000)],
      signals: [fires(0), fires(0, a2)],
      lines: ["30 slack new: firing a2", "1000 slack changed: firing a1, firing a2"],
    },
    {
      what: "an inhibited alert is told when the source has ended",
      routing: inhibiting,
      silences: [],
      signals: [fires(0, mass), fires(10), ends(100, mass)],
      lines: ["0 slack new: firing mass", "100 slack changed: resolved mass", "130 slack new: firing a1"],
    },
    {
      what: "its end reaches whoever was told before",
      routing: inhibiting,
      silences: [],
      signals: [fires(0), fires(10, mass), ends(70)],
      lines: ["0 slack new: firing a1", "10 slack new: firing mass", "70 slack changed: resolved a1"],
    },
    {
      what: "labels that must be equal and are not let it pass",
      routing: inhibiting,
      silences: [],
      signals: [fires(0, mass), fires(10, { labels: { agent_id: "a1", zone: "b" } })],
      lines: ["0 slack new: firing mass", "10 slack new: firing a1"],
    },
    {
      what: "of a mute time's end is told then, however long the group's interval is",
      routing:
        routingFrom(`${RECEIVERS}route: { receiver: slack, group_wait: 0s, group_interval: 12h, mute_times: [nights] }
mute_times: [{ name: nights, times: [{ hours: ['18:00-22:30'], zone: UTC }] }]`),
      silences: [],
      signals: [fires(9 * HOUR)],
      lines: [`${12.5 * HOUR} slack new: firing a1`],
    },
    {
      what: "a mute time holds a firing back until it ends",
      routing: nights,
      silences: [],
      signals: [fires(9 * HOUR)],
      lines: ["50400 slack new: firing a1"],
    },
    {
      what: "an end passes it",
      routing: nights,
      silences: [],
      signals: [fires(7 * HOUR), ends(9 * HOUR)],
      lines: ["25200 slack new: firing a1", "32400 slack changed: resolved a1"],
    },
  ])("$what", ({ routing, silences, signals, lines }) => {
    const shown = told({ routing, silences, signals, until: 14.1 * HOUR });
    expect(shown.filter((line) => !line.includes("repeated")).map((line) => line.replace("slow", "a1"))).toEqual(lines);
  });
});
