import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { makeWork } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { sweepless: true });
});
afterAll(() => plane.stop());

const omoi = (...args: string[]) => runOmoi(["guardian", ...args], { url: plane.url, api_key: plane.operator_key });

async function lateTask(): Promise<string> {
  const { task_ids } = await makeWork(plane, [{ priority: "LOW" }]);
  return task_ids[0] ?? "";
}

test("a priority is overridden, shown and listed, and taken back", async () => {
  const task_id = await lateTask();
  const done = await omoi("act", "override_priority", task_id, "--priority", "high", "--reason", "A customer waits");
  expect(done.out).toMatch(/^after +ended=false priority=HIGH$/m);
  expect(done.out).toMatch(/^before +ended=false priority=LOW$/m);
  const action_id = /^action +(\S+)$/m.exec(done.out)?.[1] ?? "";
  const { out } = await omoi("list", "--target", task_id);
  expect(out).toMatch(/^ACTION +WHAT +STATUS +AGE +TARGET +BY +REASON/m);
  expect(out).toMatch(new RegExp(`^${action_id} +override_priority +applied +.*A customer waits`, "m"));
  expect((await omoi("revert", action_id, "--reason", "It was the wrong one")).out).toMatch(/^status +reverted$/m);
  const shown = JSON.parse((await omoi("show", action_id, "--json")).out);
  expect(shown).toMatchObject({ action_id, status: "reverted", revert_reason: "It was the wrong one" });
  const listed = JSON.parse((await omoi("list", "--status", "applied", "--target", task_id, "--json")).out);
  expect(listed).toEqual({ items: [], more: false });
  const twice = await omoi("revert", action_id, "--reason", "Again");
  expect([twice.exit, twice.err]).toEqual([1, expect.stringContaining("reverted already")]);
});

test("capacity is moved", async () => {
  const [giver, taker] = [await plane.agent({ capacity: 3 }), await plane.agent()];
  const options = ["--to", taker.agent_id, "--amount", "2", "--reason", "They have much to do"];
  const { out } = await omoi("act", "reallocate_capacity", giver.agent_id, ...options);
  expect(out).toMatch(/^after +capacity=1 to_capacity=3$/m);
});

test("a refusal is a no with its reason, a word that is no action a wrong use", async () => {
  const gone = await omoi("act", "cancel_task", "task_00000000000000000000", "--reason", "Why not");
  expect([gone.exit, gone.err]).toEqual([1, expect.stringContaining("There is no task")]);
  const wrong = await omoi("act", "cancel", await lateTask(), "--reason", "Why not");
  expect([wrong.exit, wrong.err]).toEqual([2, expect.stringContaining("cancel is none of cancel_task, ")]);
});

test("a policy, and all of them, are switched off and on, with who and why", async () => {
  const off = await omoi("disable", "priority_override", "--reason", "Not today");
  expect(off.out).toMatch(/^priority_override +switched off by key_\w+ since .*: Not today$/m);
  expect((await omoi("policies")).out).toMatch(/^priority_override +switched off .* by key_\w+ .*: Not today/m);
  expect((await omoi("pause", "--reason", "All")).out).toMatch(/^all policies +by key_\w+ since .*: All$/m);
  expect((await omoi("resume", "--reason", "Over")).out).toMatch(/^priority_override +by key_\w+ since/);
  expect((await omoi("enable", "priority_override", "--reason", "Over")).out).toMatch(/^priority_override +in force$/m);
  expect((await omoi("disable", "prioritise", "--reason", "No")).err).toContain("There is no policy prioritise");
});

test("policies are listed as they are in force", async () => {
  const { out } = await omoi("policies");
  const row =
    /^emergency +yes +watchdog\.escalation to="guardian" agent_id!="" agent_status!="TERMINATED" limit!="fleet" +quarantine +3600 s +600 s/m;
  expect(out).toMatch(row);
  const { items } = JSON.parse((await omoi("policies", "--json")).out);
  expect(items.map(({ name }: { name: string }) => name)).toEqual([
    "emergency",
    "priority_override",
    "resource_reallocation",
  ]);
});
