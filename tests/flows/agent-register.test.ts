import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";

let plane: TestPlane;
let folder: string;
beforeAll(async () => {
  plane = await startTestPlane();
  folder = mkdtempSync(join(tmpdir(), "omoi-register-"));
});
afterAll(async () => {
  await plane.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `omoi` as the operator, or with another key. */
const omoi = (args: string[], api_key = plane.operator_key) => runOmoi(args, { url: plane.url, api_key });

describe("omoi agent register", () => {
  it("walks through the steps with a registration key, and agent run goes on as that agent", async () => {
    const made = await omoi(["keys", "create", "fleet", "--uses", "1", "--json"]);
    const { api_key } = JSON.parse(made.out);
    const identity = join(folder, "tester.json");
    const words = ["--phases", "PHASE_TESTING", "--capabilities", "testing", "--identity", identity];
    const { out, err, exit } = await omoi(["agent", "register", ...words], api_key);
    expect([err.split("\n")[0], exit]).toEqual([`it must go on beating: omoi agent run --identity ${identity} …`, 0]);
    const plain = out
      .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
      .replaceAll(/agent_[0-9a-f-]{36}/g, "AGENT")
      .replaceAll(/key [\w-]{43}/g, "key KEY");
    expect(plain).toMatchInlineSnapshot(`
      "TIME  pre validation   done    version, phases, needs and key are in order
      TIME  identity         done    worker-testing-001, key KEY
      TIME  registry entry   done    AGENT
      TIME  subscription     done    to its phases, to what is for all, and to the word to stop
      TIME  first heartbeat  done    signed with its key

      worker-testing-001 is IDLE and hears phase:PHASE_TESTING, broadcast, shutdown
      "
    `);
    expect(statSync(identity).mode & 0o777).toBe(0o600);

    expect(await omoi(["agent", "register", ...words], api_key)).toMatchObject({ exit: 2, out: "" });
    const run = await omoi(["agent", "run", ...words, "--exec", "true", "--once", "--json"]);
    expect(run.exit).toBe(0);
    expect(run.out).toContain("goes on");
    const { items } = await plane.operator.listAgents({ query: {} });
    expect(items.map(({ agent_name }) => agent_name)).toEqual(["worker-testing-001"]);
    const keys = await omoi(["keys", "list"]);
    expect(keys.out).toMatch(/fleet +registration +WORKER .*register 1 of 1/);
  });

  it("says every reason against it, and keeps no identity", async () => {
    const identity = join(folder, "refused.json");
    const words = ["--phases", "PHASE_NOWHERE", "--agent-version", "7.0.0", "--identity", identity];
    const { out, err, exit } = await omoi(["agent", "register", ...words]);
    expect([out, exit]).toEqual(["", 2]);
    expect(err).toMatch(/\/version .*\/phase_ids\/0 no workflow has PHASE_NOWHERE/);
    expect(() => statSync(identity)).toThrow("ENOENT");
  });

  it("is told what keys want", async () => {
    expect(await omoi(["keys", "create", "both", "--uses", "1", "--scopes", "admin"])).toMatchObject({ exit: 2 });
    expect(await omoi(["keys", "create", "neither"])).toMatchObject({ exit: 2 });
    expect(await omoi(["keys", "create", "strong", "--uses", "1", "--authority", "system"])).toMatchObject({ exit: 2 });
  });
});
