import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { until } from "../harness/until.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });

test("an action is done by hand, listed and shown", async () => {
  const { agent_id } = await plane.agent();
  const acted = await omoi("watchdog", "act", "quarantine", agent_id, "--reason", "It talks nonsense");
  expect(acted.out).toMatch(/^state +succeeded$/m);
  expect(acted.out).toMatch(/quarantine +done +it is in quarantine/);
  const listed = await omoi("watchdog", "list", "--target", agent_id);
  expect(listed.out).toMatch(new RegExp(`^REMEDIATION .*\n(remediation_\\w+) +by_hand +succeeded .* ${agent_id} `));
  const id = /remediation_\w+/.exec(listed.out)?.[0] ?? "";
  expect(JSON.parse((await omoi("watchdog", "show", id, "--json")).out)).toMatchObject({
    remediation_id: id,
    outcome: "succeeded",
    steps: [{ action: "quarantine", outcome: "done" }],
  });
  expect((await omoi("watchdog", "list", "--status", "open", "--target", agent_id)).out).toBe("no remediations\n");
});

test("a dry run says what it would do; what makes no sense is refused with its reason", async () => {
  const { agent_id } = await plane.agent();
  const dry = await omoi("watchdog", "act", "restart", agent_id, "--reason", "Only to see", "--dry-run");
  expect(dry.out).toMatch(/restart +dry_run +would be done/);
  expect((await plane.operator.getAgent({ params: { agent_id } })).status).toBe("IDLE");
  const refused = await omoi("watchdog", "act", "restart", "PHASE_TESTING", "--phase", "--reason", "Nonsense");
  expect(refused).toMatchObject({ exit: 1, err: expect.stringContaining("a phase has no restart") });
});

test("what is under way is stopped, and a policy and the whole watchdog are switched off and on, with who and why", async () => {
  const { agent_id } = await plane.agent();
  const acted = await omoi("watchdog", "act", "restart", agent_id, "--reason", "It hangs");
  const id = /remediation_\w+/.exec(acted.out)?.[0] ?? "";
  const stopped = await omoi("watchdog", "stop", id, "--reason", "It does not");
  expect(stopped.out).toMatch(/^state +stopped\nwhy +key_\w+ stopped it: It does not$/m);
  expect((await omoi("watchdog", "stop", id, "--reason", "Twice")).err).toContain("has ended");

  const off = await omoi("watchdog", "disable", "queue_scale_out", "--reason", "Too many");
  expect(off.out).toMatch(/^queue_scale_out +switched off by key_\w+ since .*: Too many$/m);
  expect((await omoi("watchdog", "policies")).out).toMatch(
    /^queue_scale_out +switched off .* by key_\w+ .*: Too many$/m,
  );
  expect((await omoi("watchdog", "pause", "--reason", "Maintenance")).out).toMatch(
    /^all policies +by key_\w+ .*: Maint/m,
  );
  expect((await omoi("watchdog", "status")).out).toMatch(
    /0 in force.*\n\nall policies +by .*\nqueue_scale_out +by .*: Too/,
  );
  expect((await omoi("watchdog", "resume", "--reason", "Done")).out).toMatch(/^queue_scale_out +by key_\w+ since/);
  expect((await omoi("watchdog", "enable", "queue_scale_out", "--reason", "Done")).out).toMatch(
    /^queue_scale_out +in force$/m,
  );
});

test("policies are shown as they are in force, and the sweep's parts", async () => {
  const { out } = await omoi("watchdog", "policies");
  expect(out).toMatch(
    /^worker_restart +disabled +agent_unresponsive, agent\.heartbeat\.missed +requeue_tasks, restart, failover +3\/1h +10%\/5m +guardian$/m,
  );
  expect(out).toMatch(/^stuck_worker +dry run /m);
  const status = await until("a sweep has run", async () => {
    const shown = await omoi("watchdog", "status");
    return shown.out.includes("PART") && shown;
  });
  expect(status).toMatchObject({
    exit: 0,
    out: expect.stringMatching(/^policies: 1 in force, 1 as a dry run, 2 disabled; remediations under way: 0/),
  });
  expect(status.out).toMatch(/^sweep +in time .*all parts ran through$/m);
});
