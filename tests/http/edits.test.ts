import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestPlane, type TestPlane } from "../harness/plane.ts";
import { runOmoi } from "../harness/run-omoi.ts";
import { refusalOf } from "../harness/work.ts";

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({}, { timeless: true });
});
afterAll(() => plane.stop());

const omoi = (...args: string[]) => runOmoi(args, { url: plane.url, api_key: plane.operator_key });
const json = async (...args: string[]) => {
  const { out, err, exit } = await omoi(...args, "--json");
  expect([err, exit]).toEqual(["", 0]);
  return JSON.parse(out);
};
const WORDS = { title: "Read quoted fields", description: "All of them", project: "parser", external_ref: "GH-7" };
const ticket = async (more: object = {}) =>
  (await plane.operator.createTicket({ body: { ...WORDS, labels: ["a"], ...more } })).ticket_id;

it("null removes what a ticket or a task may lack, and leaves the rest", async () => {
  const { operator } = plane;
  const params = { ticket_id: await ticket() };
  const without = { description: null, project: null, external_ref: null };
  expect(await operator.patchTicket({ params, body: without })).toMatchObject({ ...without, title: WORDS.title });
  expect(await operator.getTicket({ params })).toMatchObject({ ...without, labels: ["a"] });
  expect(await operator.patchTicket({ params, body: { project: "other" } })).toMatchObject({ project: "other" });

  const deadline_at = "2026-01-31T17:00:00.000Z";
  const body = { ...params, title: "A task", description: "With care", deadline_at };
  const { task_id } = await operator.createTask({ body });
  const task = { params: { task_id } };
  expect(await operator.patchTask({ ...task, body: { description: null } })).toMatchObject({
    description: null,
    deadline_at,
  });
  expect(await operator.patchTask({ ...task, body: { deadline_at: null } })).toMatchObject({ deadline_at: null });
  expect(await operator.getTask(task)).toMatchObject({ title: "A task", description: null, deadline_at: null });
  const refused = await refusalOf(operator.patchTask({ ...task, body: { title: null } as never }));
  expect(refused).toMatchObject({ status: 422, errors: [{ path: "/title" }] });
});

it("tickets are found by what they are called elsewhere, several by the same name", async () => {
  const external_ref = "JIRA-42";
  const ids = [
    await ticket({ external_ref }),
    await ticket({ external_ref }),
    await ticket({ external_ref: "JIRA-4" }),
  ];
  const { items } = await plane.operator.listTickets({ query: { external_ref } });
  expect(items.map(({ ticket_id }) => ticket_id)).toEqual([ids[1], ids[0]]);
  expect((await json("ticket", "list", "--external-ref", external_ref)).items).toHaveLength(2);
  await plane.operator.patchTicket({ params: { ticket_id: ids[0] ?? "" }, body: { external_ref: null } });
  expect((await json("ticket", "list", "--external-ref", external_ref)).items).toHaveLength(1);
});

it("omoi edits tickets and tasks, and takes away what may be missing", async () => {
  const ticket_id = await ticket();
  const edited = await json(
    "ticket",
    "edit",
    ticket_id,
    "--title",
    "Other",
    "--priority",
    "high",
    "--label",
    "b",
    "--label",
    "c",
  );
  expect(edited).toMatchObject({ ...WORDS, title: "Other", priority: "HIGH", labels: ["b", "c"] });
  const bare = ["--no-description", "--no-project", "--no-external-ref", "--no-labels"];
  expect(await json("ticket", "edit", ticket_id, ...bare)).toMatchObject({
    description: null,
    project: null,
    external_ref: null,
    labels: [],
    title: "Other",
  });
  const { task_id } = await plane.operator.createTask({ body: { ticket_id, title: "A task", description: "x" } });
  const deadline = ["--deadline", "2026-01-31T17:00:00Z"];
  expect(await json("task", "edit", task_id, "--priority", "critical", "--no-description", ...deadline)).toMatchObject({
    priority: "CRITICAL",
    description: null,
    deadline_at: "2026-01-31T17:00:00.000Z",
  });
  expect((await omoi("task", "edit", task_id, "--no-deadline")).out).toMatch(/^title +A task$/m);

  for (const [room, id] of [
    ["ticket", ticket_id],
    ["task", task_id],
  ] as const) {
    const nothing = { out: "", err: "omoi: say what to change (--help names the options)\n", exit: 2 };
    expect(await omoi(room, "edit", id)).toEqual(nothing);
    expect(await omoi(room, "edit", id, "--title", "Late", "--if-version", "1")).toMatchObject({
      exit: 1,
      err: expect.stringContaining("The thing has changed since you read it"),
    });
    expect(await omoi(room, "edit", id, "--priority", "urgent")).toMatchObject({
      exit: 2,
      err: expect.stringContaining("/priority"),
    });
  }
});

it("omoi makes a phase's tasks, once, and says where there are none to make", async () => {
  const ticket_id = await ticket();
  expect(await omoi("ticket", "generate-tasks", ticket_id)).toMatchObject({
    exit: 1,
    err: expect.stringContaining("PHASE_BACKLOG has no templates."),
  });
  const to_phase = "PHASE_REQUIREMENTS";
  await plane.operator.transitionTicket({ params: { ticket_id }, body: { to_phase, reason: "now" } });
  const made = await json("ticket", "generate-tasks", ticket_id);
  expect(made.tasks.length).toBeGreaterThan(0);
  expect(await json("ticket", "generate-tasks", ticket_id, "--phase", to_phase)).toEqual(made);
  expect((await omoi("ticket", "generate-tasks", ticket_id)).out).toContain(made.tasks[0].task_id);
  expect(await omoi("ticket", "generate-tasks", ticket_id, "--phase", "PHASE_DESIGN")).toMatchObject({ exit: 1 });
});

it("omoi shows a ticket's context, and adds to it", async () => {
  const ticket_id = await ticket();
  const added = ["--note", "Mind the edges", "--decision", "No regular expressions", "--risk", "Slow"];
  const { out, exit } = await omoi("ticket", "context", ticket_id, ...added);
  expect(exit).toBe(0);
  expect(out).toMatch(
    /^decisions\n- No regular expressions\n\nrisks\n- Slow\n\nnotes\n- Mind the edges\n\n\d+ of 8000 tokens\n$/,
  );
  expect(await json("ticket", "context", ticket_id, "--budget-tokens", "500")).toMatchObject({
    notes: ["Mind the edges"],
    budget_tokens: 500,
  });
  expect(await omoi("ticket", "context", ticket_id, "--budget-tokens", "5")).toMatchObject({ exit: 2 });
});
