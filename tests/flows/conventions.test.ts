import type { Client } from "@omoios/sdk/client";
import { paginate } from "@omoios/sdk/paginate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi } from "../harness/call-api.ts";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { until } from "../harness/until.ts";
import { completed, heldTask, makeWork, refusalOf } from "../harness/work.ts";

let plane: TestPlane;
let operator: Client;
beforeAll(async () => {
  plane = await startTestPlane();
  operator = plane.operator;
});
afterAll(() => plane.stop());

const post = (path: string, body: unknown, key: string) =>
  callApi((request) => fetch(plane.url + new URL(request.url).pathname, request), "POST", path, {
    key: plane.operator_key,
    body,
    headers: { "idempotency-key": key },
  });

describe("lists", () => {
  it("come in pages whose cursors lead through all of them once", async () => {
    const { ticket_id, task_ids } = await makeWork(
      plane,
      Array.from({ length: 7 }, () => ({})),
    );
    const params = { ticket_id };
    const first = await operator.listTicketTasks({ params, query: { limit: 3 } });
    expect(first.items).toHaveLength(3);
    expect(first.next_cursor).toEqual(expect.any(String));
    const all: string[] = [];
    for await (const task of paginate(operator, "listTicketTasks", { params, query: { limit: 3 } }))
      all.push(task.task_id);
    expect(all).toEqual(task_ids);
  });

  it("of a phase's ready and running tasks are read to their end, page by page", async () => {
    const phase_id = "PHASE_DEPLOYMENT";
    const work = await makeWork(
      plane,
      // Of one call and priority, they all stand at one virtual start.
      Array.from({ length: 25 }, () => ({ phase_id })),
    );
    const agents = await Promise.all([1, 2].map(() => work.agent({ phase_ids: [phase_id], capacity: 10 })));
    const claims = await Promise.all(agents.map((agent) => agent.claim({ max: 5 })));
    const [own = [], others = []] = claims.map(({ tasks }) => tasks.map(({ task_id }): string => task_id).sort());
    const taken = [...own, ...others].sort();
    const left = work.task_ids.filter((id) => !taken.includes(id)).sort();
    const pages = async (query: { phase_id?: string; agent_id?: string; status?: "ready" | "running" }) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await operator.listTasks({ query: { ...query, limit: 4, ...(cursor ? { cursor } : {}) } });
        expect(page.items.length).toBeLessThanOrEqual(4);
        ids.push(...page.items.map(({ task_id }) => task_id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined);
      return ids.sort();
    };
    expect(await pages({ phase_id, status: "ready" })).toEqual(left);
    expect(await pages({ phase_id, status: "running" })).toEqual(taken);
    expect(await pages({ agent_id: agents[0]?.agent_id ?? "" })).toEqual(own);
    for (const status of ["ready", "running"] as const) {
      const refusal = await refusalOf(operator.listTasks({ query: { phase_id, status, cursor: "nonsense" } }));
      expect(refusal).toMatchObject({ status: 422, code: "request.cursor_invalid" });
    }
  });

  it("refuse a cursor of another list", async () => {
    const [one, other] = [await makeWork(plane, [{}, {}]), await makeWork(plane, [{}, {}])];
    const { next_cursor } = await operator.listTicketTasks({ params: one, query: { limit: 1 } });
    const cursor = next_cursor ?? "";
    const refusals = [
      operator.listTicketTasks({ params: other, query: { limit: 1, cursor } }),
      operator.listTickets({ query: { cursor } }),
      operator.listDeadLetters({ query: { cursor: "nonsense" } }),
    ];
    for (const refusal of await Promise.all(refusals.map(refusalOf))) {
      expect(refusal).toMatchObject({ status: 422, code: "request.cursor_invalid" });
    }
  });

  it("refuse a cursor that was altered inside its list, and take a span that ends before it begins for empty", async () => {
    const { ticket_id } = await makeWork(plane, [{}, {}]);
    await operator.createApiKey({ body: { name: "second", scopes: ["tasks:read"] } });
    const pages = {
      tasks: await operator.listTicketTasks({ params: { ticket_id }, query: { limit: 1 } }),
      tickets: await operator.listTickets({ query: { limit: 1 } }),
      keys: await operator.listApiKeys({ query: { limit: 1 } }),
    };
    const altered = (cursor: string | null) => {
      const [, shelf = "", rest = ""] = /^(\d\.)?(.*)$/.exec(cursor ?? "") ?? [];
      const [list, place] = JSON.parse(Buffer.from(rest, "base64url").toString());
      const numbers = Object.fromEntries(Object.keys(place).map((name) => [name, 7]));
      return [{}, numbers].map((inside) => shelf + Buffer.from(JSON.stringify([list, inside])).toString("base64url"));
    };
    const refusals = [
      ...altered(pages.tasks.next_cursor).map((cursor) =>
        operator.listTicketTasks({ params: { ticket_id }, query: { cursor } }),
      ),
      ...altered(pages.tickets.next_cursor).map((cursor) => operator.listTickets({ query: { cursor } })),
      ...altered(pages.keys.next_cursor).map((cursor) => operator.listApiKeys({ query: { cursor } })),
    ];
    expect(refusals).toHaveLength(6);
    for (const refusal of await Promise.all(refusals.map(refusalOf)))
      expect(refusal).toMatchObject({ status: 422, code: "request.cursor_invalid" });
    const [from, to] = ["2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z"];
    expect((await operator.listAudit({ query: { from, to } })).items).toEqual([]);
    expect((await operator.listEvents({ query: { from: "2090-01-01T00:00:00Z", order: "newest" } })).items).toEqual([]);
  });

  it("cut a limit above 100 and refuse one below 1", async () => {
    expect((await operator.listTickets({ query: { limit: 5_000 } })).items.length).toBeLessThanOrEqual(100);
    expect(await refusalOf(operator.listTickets({ query: { limit: 0 } }))).toMatchObject({ status: 422 });
  });
});

describe("two people who edit", () => {
  it("do not overwrite each other", async () => {
    const { ticket_id } = await operator.createTicket({ body: { title: "Before" } });
    const params = { ticket_id };
    const { version } = await operator.getTicket({ params });
    const edited = await operator.patchTicket({ params, body: { title: "First" } }, { if_match: version });
    expect(edited.version).toBeGreaterThan(version);
    const late = await refusalOf(operator.patchTicket({ params, body: { title: "Second" } }, { if_match: version }));
    expect(late).toMatchObject({ status: 412, code: "request.precondition_failed" });
    expect(late.extra.current_version).toBe(edited.version);
    expect((await operator.getTicket({ params })).title).toBe("First");
  });

  it("are told the version as an ETag", async () => {
    const { ticket_id } = await operator.createTicket({ body: { title: "Tagged" } });
    const url = `${plane.url}/api/v1/tickets/${ticket_id}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${plane.operator_key}` } });
    expect(answer.headers.get("etag")).toBe(`"${((await answer.json()) as { version: number }).version}"`);
  });
});

describe("an idempotency key", () => {
  it("makes one thing of a request that is sent twice, even at the same time", async () => {
    const key = crypto.randomUUID();
    const send = () => post("/tickets", { title: "Once" }, key);
    const [a, b] = await Promise.all([send(), send()]);
    const running = [a, b].find(({ status }) => status === 409);
    if (running !== undefined) expect(running.body).toMatchObject({ code: "idempotency.in_progress" });
    const made = [a, b].find(({ status }) => status === 201);
    const again = await send();
    expect(again).toMatchObject({ status: 201, body: { ticket_id: made?.body.ticket_id } });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await post("/tickets", { title: "Other" }, key)).toMatchObject({
      status: 409,
      body: { code: "idempotency.key_reused" },
    });
  });

  it("gives a batch of tasks again as it was made", async () => {
    const { ticket_id } = await operator.createTicket({ body: { title: "Batch" } });
    const tasks = Array.from({ length: 100 }, (_, n) => ({
      ref: `t${n}`,
      title: `Task ${n}`,
      required_capabilities: ["nobody"],
    }));
    const [first, again] = [
      await post(`/tickets/${ticket_id}/tasks`, { tasks }, "batch"),
      await post(`/tickets/${ticket_id}/tasks`, { tasks }, "batch"),
    ];
    expect(again.body).toEqual(first.body);
    await until("every task was shown", async () => {
      const { nodes } = await operator.getTicketGraph({ params: { ticket_id } });
      return nodes.length === 100;
    });
  });

  it("makes an agent's writes on its ticket once too, and answers them again when its task is over", async () => {
    const { agent, fence, params, ticket_id } = await heldTask(plane);
    const { task_id } = params;
    const key = { idempotency_key: crypto.randomUUID() };
    const makeTasks = () =>
      agent.client.createTasks(
        {
          params: { ticket_id },
          body: { task_id, fence, tasks: [{ title: "One more", required_capabilities: ["nobody"] }] },
        },
        key,
      );
    const note = () =>
      agent.client.updateTicketContext(
        { params: { ticket_id }, body: { task_id, fence, decisions: ["use sqlite"] } },
        { idempotency_key: "note" },
      );
    const handIn = () =>
      agent.client.addTicketArtifacts(
        { params: { ticket_id }, body: { task_id, fence, artifacts: [{ type: "notes", content: "Ours." }] } },
        { idempotency_key: "artifact" },
      );
    const [made, handed, noted] = [await makeTasks(), await handIn(), await note()];
    await agent.client.completeTask({ params, body: completed(fence) });
    expect([await makeTasks(), await handIn(), await note()]).toEqual([made, handed, noted]);
    expect((await operator.listTicketTasks({ params: { ticket_id } })).items).toHaveLength(2);
    expect(handed.artifacts).toMatchObject([{ revision: 1 }]);
    const other = agent.client.updateTicketContext(
      { params: { ticket_id }, body: { task_id, fence, decisions: ["use files"] } },
      { idempotency_key: "note" },
    );
    expect(await refusalOf(other)).toMatchObject({ status: 409, code: "idempotency.key_reused" });
  });

  it("never shows a secret again, but names what was made", async () => {
    const body = { name: "ci", scopes: ["tasks:read"] };
    const first = await post("/api-keys", body, "secret");
    expect(first.status).toBe(201);
    const again = await post("/api-keys", body, "secret");
    expect(again).toMatchObject({ status: 409, body: { code: "idempotency.secret_gone" } });
    expect(JSON.stringify(again.body)).toContain(first.body.key_id);
    expect(JSON.stringify(again.body)).not.toContain(first.body.api_key);
  });
});
