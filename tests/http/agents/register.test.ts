import { describe, expect, it } from "vitest";
import { type AgentActs, type Registered, WORKER } from "../../harness/agent-acts.ts";
import { beat, newPair } from "../../harness/agent-keys.ts";
import { type AgentsPlane, AUDIENCE } from "../../harness/agents-plane.ts";
import { useAgentsPlane } from "../../harness/use-agents-plane.ts";

let plane: AgentsPlane;
let acts: AgentActs;
useAgentsPlane((made) => ({ plane, acts } = made));

describe("registering", () => {
  it("makes an agent of an own key: SPAWNING, named, with the steps so far", async () => {
    const { public_key } = await newPair();
    const { status, body } = await plane.call("POST", "/agents/register", { body: { ...WORKER, public_key } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: "SPAWNING",
      audience: AUDIENCE,
      first_heartbeat_by: "2026-01-05T10:01:00.000Z",
    });
    expect(body.agent_name).toMatch(/^worker-implementation-\d{3}$/);
    expect(body.private_key).toBeUndefined();
    expect(body.steps.map(({ step }: { step: string }) => step)).toEqual([
      "pre_validation",
      "identity",
      "registry_entry",
      "subscription",
    ]);
    expect(await plane.eventsOf("agent", body)).toMatchObject([
      { type: "agent.registration_started", data: { agent_id: body.agent_id, status: "SPAWNING" } },
    ]);
    expect((await plane.call("GET", `/agents/${body.agent_id}/registration`)).body).toEqual({
      steps: body.steps,
      channels: ["phase:PHASE_IMPLEMENTATION", "broadcast", "shutdown"],
      wake_url: null,
      first_heartbeat_by: "2026-01-05T10:01:00.000Z",
    });
    expect(await plane.pulse.get(body.agent_id)).toMatchObject({ sequence: 0, epoch: 1 });
    expect((await plane.call("GET", `/agents/${body.agent_id}`)).body).toMatchObject({
      status: "SPAWNING",
      capacity: 1,
      last_heartbeat_at: null,
    });
  });

  it("makes a pair where none is sent, whose private half signs the first heartbeat and is kept nowhere", async () => {
    const { body } = await plane.call("POST", "/agents/register", { body: WORKER });
    const agent: Registered = body;
    expect(await acts.beatBy(agent, await acts.assertionOf(agent), beat(1))).toMatchObject({ status: 200 });
    const rows = [await acts.rowOf(agent.agent_id), await plane.store.get("agent_profile", agent)];
    expect(JSON.stringify(rows)).not.toContain(body.private_key.d);
  });

  it("refuses with every reason at once, and leaves nothing behind", async () => {
    const before = await plane.call("GET", "/agents");
    const { status, body } = await plane.call("POST", "/agents/register", {
      body: {
        ...WORKER,
        phase_ids: ["PHASE_TESTING", "PHASE_UNKNOWN"],
        version: "2.0.0",
        config: { resources: { memory_mb: 1e9, gpus: 99 } },
      },
    });
    expect(status).toBe(422);
    expect(body.code).toBe("agent.registration_refused");
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      "/version",
      "/phase_ids/1",
      "/config/resources/memory_mb",
      "/config/resources/gpus",
    ]);
    expect((await plane.call("GET", "/agents")).body).toEqual(before.body);
  });

  it("names an unknown phase where it stands in the request, and keeps phases in order, each once", async () => {
    const register = (...phase_ids: string[]) =>
      plane.call("POST", "/agents/register", { body: { ...WORKER, phase_ids } });
    const refused = await register(
      "PHASE_UNKNOWN",
      "PHASE_TESTING",
      "PHASE_IMPLEMENTATION",
      "PHASE_TESTING",
      "PHASE_A",
    );
    expect(refused.body.errors.map(({ path }: { path: string }) => path)).toEqual(["/phase_ids/0", "/phase_ids/4"]);
    const { agent_id } = (await register("PHASE_TESTING", "PHASE_IMPLEMENTATION", "PHASE_TESTING")).body;
    const profile = await plane.store.get("agent_profile", { agent_id });
    expect(profile?.phase_ids).toEqual(["PHASE_IMPLEMENTATION", "PHASE_TESTING"]);
  });

  it("refuses a key that a living agent holds, and opens no pulse for it", async () => {
    const pair = await newPair();
    const first = await acts.registered({}, pair);
    const again = await plane.call("POST", "/agents/register", { body: { ...WORKER, public_key: pair.public_key } });
    expect(again).toMatchObject({ status: 409, body: { code: "agent.key_in_use" } });
    expect(await plane.store.get("agent_key", { key_id: first.key_id })).toMatchObject({ agent_id: first.agent_id });
  });

  it("gives one key to one of many that ask at once, and all others none", async () => {
    const { public_key } = await newPair();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => plane.call("POST", "/agents/register", { body: { ...WORKER, public_key } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it("lets the key of an agent that has ended be taken over", async () => {
    const pair = await newPair();
    const first = await acts.registered({}, pair);
    const before = await acts.rowOf(first.agent_id);
    if (before === undefined) throw new Error("no row");
    await plane.commit(plane.context(), [{ kind: "agent", before, after: { ...before, status: "FAILED" } }]);
    const second = await acts.registered({ replaces: first.agent_id }, pair);
    expect(second.key_id).toBe(first.key_id);
    expect(await plane.store.get("agent_key", { key_id: first.key_id })).toMatchObject({ agent_id: second.agent_id });
    expect((await plane.call("GET", `/agents/${second.agent_id}`)).body.replaces).toBe(first.agent_id);
  });

  it("never gives a name twice, to 200 at once", async () => {
    const agents = await Promise.all(
      Array.from({ length: 200 }, () =>
        plane.call("POST", "/agents/register", { body: { ...WORKER, phase_ids: ["PHASE_TESTING"] } }),
      ),
    );
    expect(new Set(agents.map(({ body }) => body.agent_name)).size).toBe(200);
    expect(agents.every(({ body }) => /^worker-testing-\d{3}$/.test(body.agent_name))).toBe(true);
  });

  it("never repeats the answer to a key, and names what the first call made", async () => {
    const call = { body: WORKER, headers: { "Idempotency-Key": crypto.randomUUID() } };
    const first = await plane.call("POST", "/agents/register", call);
    expect(await plane.call("POST", "/agents/register", call)).toMatchObject({
      status: 409,
      body: { code: "idempotency.secret_gone", id: first.body.agent_id },
    });
  });
});

describe("an agent that is pushed to", () => {
  const pushed = (url: string) => ({ ...WORKER, delivery: { mode: "push", url } });

  it("gets a key for its webhooks, once, and shows where they go", async () => {
    const url = "https://agents.example.com/hook";
    const { status, body } = await plane.call("POST", "/agents/register", { body: pushed(url) });
    expect([status, body.webhook_secret]).toEqual([201, expect.stringMatching(/^whsec_/)]);
    const shown = await plane.call("GET", `/agents/${body.agent_id}`);
    expect(shown.body.delivery).toEqual({ mode: "push", url });
    expect(JSON.stringify(shown.body)).not.toContain(body.webhook_secret);
  });

  it.each([
    ["http://agents.example.com/hook", "must begin with https://"],
    ["https://169.254.169.254/", "must not lead to a private or loopback address"],
  ])("is refused with %s, with the other reasons", async (url, message) => {
    const { status, body } = await plane.call("POST", "/agents/register", {
      body: { ...pushed(url), version: "0.1.0" },
    });
    expect([status, body.code]).toEqual([422, "agent.registration_refused"]);
    expect(body.errors).toHaveLength(2);
    expect(body.errors).toContainEqual({ path: "/delivery/url", message });
  });

  it("needs a url", async () => {
    const { status, body } = await plane.call("POST", "/agents/register", {
      body: { ...WORKER, delivery: { mode: "push" } },
    });
    expect([status, body.code]).toEqual([422, "request.invalid"]);
  });

  it("is one that claims where nothing is said", async () => {
    const { body } = await plane.call("POST", "/agents/register", { body: WORKER });
    expect(body.webhook_secret).toBeUndefined();
    expect((await plane.call("GET", `/agents/${body.agent_id}`)).body.delivery).toEqual({ mode: "pull", url: null });
  });
});
