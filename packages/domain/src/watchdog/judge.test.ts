import { describe, expect, test } from "vitest";
import { fitOf, isVerified, isWell } from "./judge.ts";
import type { RemediationRow, Seen, SeenAgent } from "./model.ts";
import { AGENT, agent, OTHER, remediation, seen } from "./remediation.fixture.ts";

const WAITING = remediation();
const TRIED = remediation({
  steps: [{ action: "restart", outcome: "not_verified", why: "", started_at: 0, ended_at: 1 }],
});
const PHASE: Partial<RemediationRow> = { target: { kind: "phase", id: "PHASE_TESTING" }, agent_id: undefined };

describe("whether all is well again", () => {
  test.each<[string, RemediationRow, Partial<Seen>, string | undefined]>([
    ["its alert fires", WAITING, {}, undefined],
    ["its alert is over", WAITING, { alert_over: true }, "the alert is over"],
    ["a replacement beats", WAITING, { replaced_by: OTHER }, `${OTHER} took its place`],
    ["the agent is forgotten", WAITING, { agent: undefined }, "there is no such agent any more"],
    [
      "it beats, and its alert is of something else",
      WAITING,
      { agent: agent({ status: "IDLE", misses: 0 }) },
      undefined,
    ],
    [
      "it beats, and its silence was the cause",
      WAITING,
      { about_life: true, agent: agent({ status: "IDLE", misses: 0 }) },
      "it beats",
    ],
    ["it missed another beat", WAITING, { about_life: true, agent: agent({ status: "IDLE", misses: 1 }) }, undefined],
    [
      "it was ended, and its alert ended for that",
      TRIED,
      { alert_over: true, agent: agent({ status: "TERMINATED" }) },
      undefined,
    ],
    [
      "its alert is over, and it works",
      TRIED,
      { alert_over: true, agent: agent({ status: "IDLE", misses: 0 }) },
      "the alert is over",
    ],
    ["a phase whose alert fires", remediation(PHASE), { agent: undefined }, undefined],
    ["a phase whose alert is over", remediation(PHASE), { agent: undefined, alert_over: true }, "the alert is over"],
  ])("%s", (_what, row, given, why) => {
    expect(isWell(row, seen(given))).toBe(why);
  });
});

describe("whether an action makes sense", () => {
  const of = (more: Partial<SeenAgent>) => seen({ agent: agent(more) });
  test.each([
    ["restart", of({}), "do"],
    ["restart", of({ status: "SPAWNING" }), "pass"],
    ["restart", of({ status: "QUARANTINED" }), "pass"],
    ["restart", of({ leaving: "deregistration" }), "pass"],
    ["restart", of({ leaving: "restart" }), "under_way"],
    ["restart", of({ status: "TERMINATED", missed: true }), "under_way"],
    ["restart", of({ status: "TERMINATED" }), "pass"],
    ["failover", of({ status: "TERMINATED", missed: true }), "do"],
    ["failover", of({ status: "TERMINATED" }), "pass"],
    ["failover", of({ status: "QUARANTINED" }), "do"],
    ["recycle_token", of({ status: "IDLE" }), "do"],
    ["recycle_token", of({ status: "IDLE", key_revoked: true }), "under_way"],
    ["quarantine", of({}), "do"],
    ["quarantine", of({ status: "QUARANTINED" }), "pass"],
    ["quarantine", of({ status: "TERMINATED" }), "pass"],
    ["requeue_tasks", of({}), "do"],
    ["requeue_tasks", of({ tasks: 0 }), "pass"],
    ["restart", seen({ agent: undefined }), "pass"],
    ["notify", seen({ agent: undefined }), "do"],
  ] as const)("%s of %o: %s", (action, given, is) => {
    expect(fitOf(action, remediation(), given).is).toBe(is);
  });

  test("a phase is scaled out, and nothing else", () => {
    const fits = (["scale_out", "notify", "escalate", "restart", "quarantine"] as const).map(
      (action) => fitOf(action, remediation(PHASE), seen({ agent: undefined })).is,
    );
    expect(fits).toEqual(["do", "do", "do", "pass", "pass"]);
  });
});

test.each([
  ["restart", {}, false],
  ["restart", { alert_over: true }, false],
  ["restart", { replaced_by: OTHER }, true],
  ["failover", { replaced_by: OTHER }, true],
  ["recycle_token", { replaced_by: OTHER }, true],
  ["scale_out", {}, false],
  ["scale_out", { worker_came: true }, true],
  ["scale_out", { alert_over: true }, true],
] as const)("%s with %o is verified: %s", (action, given, verified) => {
  expect(isVerified(action, seen({ agent: agent({ status: "TERMINATED" }), ...given }))).toBe(verified);
});

test("the fixture's target is its agent", () => {
  expect(remediation()).toMatchObject({ agent_id: AGENT, line: `agent:${AGENT}`, status: "waiting", due_at: 0 });
});
