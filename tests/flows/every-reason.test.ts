import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane();
});
afterAll(() => plane.stop());

interface Refusal {
  code: string;
  errors: { path: string; message: string }[];
}

/** The refusal of a body as it stands, since no client of ours would send it. */
async function refusalOf(method: "POST" | "PATCH", path: string, body: object): Promise<Refusal> {
  const answer = await fetch(`${plane.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${plane.operator_key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(422);
  return (await answer.json()) as Refusal;
}
const pathsOf = ({ errors }: Refusal) => errors.map(({ path }) => path).toSorted();
const none = "task_zzzzzzzzzzzzzzzzzzzz";

it("a registration is told what is wrong with its shape and with what it means in one answer", async () => {
  const refused = await refusalOf("POST", "/agents/register", {
    agent_type: "worker",
    phase_ids: ["PHASE_UNKNOWN", "not a phase"],
    capabilities: ["two words"],
    capacity: 0,
    version: "9.0.0",
    config: { resources: { memory_mb: 1e9, cpus: "many" } },
    colour: "red",
  });
  expect(refused.code).toBe("request.invalid");
  expect(pathsOf(refused)).toEqual([
    "/capabilities/0",
    "/capacity",
    "/colour",
    "/config/resources/cpus",
    "/config/resources/memory_mb",
    "/phase_ids/0",
    "/phase_ids/1",
    "/version",
  ]);
  expect(refused.errors.find(({ path }) => path === "/phase_ids/0")?.message).toContain("there are PHASE_");
});

it("a rule is told of its shape and of its metric, condition and receivers at once", async () => {
  const rule = {
    name: "queue_deep",
    metric: "tasks_queued_totl",
    condition: "value >> 3",
    severity: "dire",
    routing: ["nobody", 7],
    for: "soon",
  };
  const wrong = ["/condition", "/for", "/metric", "/routing/0", "/routing/1", "/severity"];
  const refused = await refusalOf("POST", "/alert-rules", rule);
  expect(pathsOf(refused)).toEqual(wrong);
  expect(refused.errors.find(({ path }) => path === "/metric")?.message).toContain("tasks_queued_total");
  const tested = await refusalOf("POST", "/alert-rules/test", { rule, start: "2026-01-05T10:00:00Z", series: "none" });
  expect(pathsOf(tested)).toEqual([...wrong.map((path) => `/rule${path}`), "/series"]);
});

it("samples are told of their values, metrics and labels at once", async () => {
  const refused = await refusalOf("POST", "/monitor/samples", {
    samples: [
      { metric_name: "tasks_queued_total", value: "many" },
      { metric_name: "tasks_queued", value: 1 },
      { metric_name: "tasks_queued_total", value: "x", labels: { phase: "PHASE_A" } },
    ],
  });
  expect(pathsOf(refused)).toEqual([
    "/samples/0/value",
    "/samples/1/metric_name",
    "/samples/2/labels/phase",
    "/samples/2/value",
  ]);
});

it("an agent's change too", async () => {
  const agent = await plane.operator.registerAgent({
    body: { agent_type: "worker", phase_ids: ["PHASE_DESIGN"], capabilities: [], version: "1.0.0" },
  });
  const refused = await refusalOf("PATCH", `/agents/${agent.agent_id}`, { phase_ids: ["PHASE_UNKNOWN"], capacity: 0 });
  expect(pathsOf(refused)).toEqual(["/capacity", "/phase_ids"]);
});

it("a ticket with tasks is told of its workflow, their shape, and what they name", async () => {
  const refused = await refusalOf("POST", "/tickets", {
    title: "",
    workflow: "unheard_of",
    tasks: [{ title: "a", ref: "a", depends_on: [none] }, { title: 7 }],
  });
  expect(pathsOf(refused)).toEqual(["/tasks/0/depends_on", "/tasks/1/title", "/title", "/workflow"]);
});

it("tasks are told of phases, of what they wait for, and of a circle at once, and nothing that could yet be named", async () => {
  const { ticket_id } = await plane.operator.createTicket({ body: { title: "Parent" } });
  const tasks = [
    { title: "a", ref: "a", depends_on: ["b"], phase_id: "PHASE_UNKNOWN" },
    { title: "b", ref: "b", depends_on: ["a"] },
    { title: "c", depends_on: [none] },
  ];
  const whole = await refusalOf("POST", `/tickets/${ticket_id}/tasks`, { tasks });
  expect(whole).toMatchObject({ code: "request.invalid", cycle: ["a", "b", "a"], allowed: expect.any(Array) });
  expect(pathsOf(whole)).toEqual(["/tasks/0/depends_on", "/tasks/0/phase_id", "/tasks/2/depends_on"]);
  const more = [...tasks, { title: "d", ref: "not a ref" }, { title: "e", depends_on: ["d"] }];
  expect(pathsOf(await refusalOf("POST", `/tickets/${ticket_id}/tasks`, { tasks: more }))).toEqual([
    "/tasks/0/depends_on",
    "/tasks/0/phase_id",
    "/tasks/2/depends_on",
    "/tasks/3/ref",
  ]);
  const one = await refusalOf("POST", "/tasks", {
    ticket_id,
    title: "",
    phase_id: "PHASE_UNKNOWN",
    depends_on: [none],
  });
  expect(pathsOf(one)).toEqual(["/depends_on", "/phase_id", "/title"]);
});

it("a silence is told of its shape, its matchers, its hours and its end at once", async () => {
  const silence = {
    matchers: ['team="a', 7],
    starts_at: "2031-01-01T00:00:00Z",
    ends_at: "2030-01-01T00:00:00Z",
    recurring: { weekdays: ["mondey"], hours: ["18:00-24:00"], zone: "Europe/Berlim" },
    comment: "",
  };
  const refused = await refusalOf("POST", "/silences", silence);
  expect(refused.code).toBe("request.invalid");
  expect(pathsOf(refused)).toEqual([
    "/comment",
    "/ends_at",
    "/matchers/0",
    "/matchers/1",
    "/recurring/weekdays/0",
    "/recurring/zone",
  ]);
  const { recurring: _recurring, ...once } = silence;
  // Of an end that cannot be read nobody says that it is missing, and of one in the past that it must be after an unreadable start.
  expect(pathsOf(await refusalOf("POST", "/silences", { ...once, matchers: ['a="b"'], ends_at: "soon" }))).toEqual([
    "/comment",
    "/ends_at",
  ]);
  expect(pathsOf(await refusalOf("POST", "/silences", { matchers: ['a=~".*"'], comment: "" }))).toEqual([
    "/comment",
    "/ends_at",
    "/matchers",
  ]);
});
