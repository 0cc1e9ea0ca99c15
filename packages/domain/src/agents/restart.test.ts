import { defaultLimits as limits } from "@omoios/contracts/default-limits";
import { describe, expect, it } from "vitest";
import { NOW, SECOND } from "./agent-row.fixture.ts";
import { isToEscalate, judgeRestart } from "./restart.ts";

const ago = (seconds: number) => NOW - seconds * SECOND;
const HOUR = 3_600;

describe("a restart", () => {
  it.each<{ when: string; restarts: number[]; code?: string; retry_after_ms?: number }>([
    { when: "of a line that never was", restarts: [] },
    { when: "a minute after the last", restarts: [60] },
    { when: "sooner", restarts: [59], code: "agent.restart_cooldown", retry_after_ms: 1_000 },
    { when: "that is the third within the hour", restarts: [60, 300] },
    {
      when: "that is the fourth",
      restarts: [60, 300, 900],
      code: "agent.restart_limit",
      retry_after_ms: (HOUR - 900) * SECOND,
    },
    {
      when: "that is the fourth, and too soon besides",
      restarts: [5, 300, 900],
      code: "agent.restart_limit",
      retry_after_ms: (HOUR - 900) * SECOND,
    },
    { when: "when the first of three is an hour ago", restarts: [60, 300, HOUR] },
    {
      when: "when the first of three is just not",
      restarts: [HOUR - 1, 300, 60],
      code: "agent.restart_limit",
      retry_after_ms: 1_000,
    },
  ])("$when: $code", ({ restarts, code, retry_after_ms }) => {
    const outcome = judgeRestart(restarts.map(ago), NOW, limits);
    if (code === undefined) expect(outcome).toEqual({ accepted: true, value: true });
    else expect(outcome).toMatchObject({ accepted: false, problem: { code, extra: { retry_after_ms } } });
  });

  it.each([
    { escalated: undefined, again: true },
    { escalated: HOUR - 1, again: false },
    { escalated: HOUR, again: true },
  ])("too many is told to the guardian, having been told $escalated s ago: $again", ({ escalated, again }) => {
    expect(isToEscalate(escalated === undefined ? undefined : ago(escalated), NOW)).toBe(again);
  });
});
