import { describe, expect, it } from "vitest";
import { type Attempt, judgeAttempt, wordsOf } from "./delivery.ts";
import { at } from "./scenario.fixture.ts";

const judge = (attempt: Attempt, tries = 1, now = at(0), random = 0) =>
  judgeAttempt(attempt, { tries, since: at(0), now, random: () => random });

describe("a try to deliver", () => {
  it.each<[string, Attempt, unknown]>([
    ["200", { status: 200 }, { do: "done" }],
    ["202", { status: 202 }, { do: "done" }],
    ["503", { status: 503 }, { do: "retry", at: at(1) }],
    ["408", { status: 408 }, { do: "retry", at: at(1) }],
    ["429", { status: 429 }, { do: "retry", at: at(1) }],
    ["429 with seconds", { status: 429, retry_after: "90" }, { do: "retry", at: at(90) }],
    ["429 with a date", { status: 429, retry_after: "Mon, 05 Jan 2026 10:02:00 GMT" }, { do: "retry", at: at(120) }],
    ["429 with less than the delay", { status: 429, retry_after: "0" }, { do: "retry", at: at(1) }],
    ["429 with nonsense", { status: 429, retry_after: "soon" }, { do: "retry", at: at(1) }],
    ["503 with seconds", { status: 503, retry_after: "30" }, { do: "retry", at: at(30) }],
    ["a closed connection", { fault: "network" }, { do: "retry", at: at(1) }],
    ["a secret that is missing", { fault: "secret", missing: ["pagerduty"] }, { do: "retry", at: at(1) }],
    ["a time limit", { fault: "timeout" }, { do: "retry", at: at(1) }],
    ["400", { status: 400 }, { do: "dead_letter", why: "refused", detail: "answered 400" }],
    ["a redirect", { status: 302 }, { do: "dead_letter", why: "refused", detail: "answered 302" }],
  ])("that ends with %s", (_, attempt, verdict) => {
    expect(judge(attempt)).toEqual(verdict);
  });

  it("comes ever later, then each ten minutes, for a day", () => {
    const delays: number[] = [];
    let now = at(0);
    for (let tries = 1; ; tries += 1) {
      const verdict = judge({ status: 503 }, tries, now);
      if (verdict.do !== "retry") {
        expect(verdict).toEqual({ do: "dead_letter", why: "gave_up", detail: "answered 503 for 24 hours" });
        break;
      }
      delays.push((verdict.at - now) / 1_000);
      now = verdict.at;
    }
    expect(delays.slice(0, 10)).toEqual([1, 5, 15, 30, 60, 120, 300, 600, 600, 600]);
    expect(now - at(0)).toBeLessThanOrEqual(24 * 3_600_000);
    expect(now - at(0)).toBeGreaterThan(24 * 3_600_000 - 600_000);
  });

  it("names the secrets that are missing, and the remedy", () => {
    expect(wordsOf({ fault: "secret", missing: ["hook_url", "hook_key"] })).toBe(
      "no value of ${secret:hook_url} and ${secret:hook_key}: on one machine write it into secrets/hook_url in the data directory (.omoi unless another is given), on a stage run: omoi secrets set hook_url",
    );
  });

  it("is spread a little", () => {
    expect(judge({ status: 503 }, 5, at(0), 0.5)).toEqual({ do: "retry", at: at(63) });
  });

  it("is not put off beyond the day", () => {
    expect(judge({ status: 429, retry_after: "90000" })).toMatchObject({ do: "dead_letter", why: "gave_up" });
  });
});
