import type { TaskContext } from "@omoios/contracts/views/task";
import { describe, expect, test } from "vitest";
import { limits, MINUTE, NOW, runningTask } from "../../../../tests/harness/task-row.ts";
import type { PageOptions } from "../store.ts";
import { briefed } from "./brief.ts";
import type { AttemptRow, TaskNoteRow, TaskRow } from "./model.ts";
import type { OwnContext } from "./parts.ts";

const attempt = (fence: number, said: Partial<AttemptRow>): AttemptRow => ({
  version: 1,
  task_id: runningTask().task_id,
  fence,
  orphan: "",
  attempt: fence,
  ended_at: NOW,
  outcome: "failed",
  ...said,
});
const failed = (fence: number) =>
  attempt(fence, { error: { attempt: fence, kind: "retryable", message: `error ${fence}`, at: NOW } });

const left = (task_id: TaskRow["task_id"], n: number, done: string): TaskNoteRow => ({
  version: 1,
  task_id,
  from: `task_${String(n).padStart(4, "0")}`,
  handoff: { done: [done] },
});

interface Left {
  attempts?: AttemptRow[];
  notes?: TaskNoteRow[];
  feedback?: string[];
  context?: TaskContext;
}

/** Briefs a claimer from rows as they lie in the table; tells what was read and what was to be fitted into the context. */
async function brief(task: TaskRow, { attempts = [], notes = [], feedback, context }: Left = {}) {
  const read: string[] = [];
  const fitted: { ticket: TaskContext; own: OwnContext }[] = [];
  const claimed = await briefed(
    {
      limits,
      store: {
        async page(kind: string, _key: unknown, { limit = 100, cursor = "0", newest_first = false }: PageOptions = {}) {
          read.push(kind);
          const rows = kind === "attempt" ? attempts : notes;
          const end = Number(cursor) + limit;
          const page = (newest_first ? [...rows].reverse() : rows).slice(Number(cursor), end);
          return { rows: page, cursor: end < rows.length ? String(end) : undefined };
        },
      } as never,
      lanes: {
        async briefing() {
          const body = { title: "Build", task_type: "implement", required_capabilities: ["go"], feedback };
          return { body, brief: { title: "The ticket", labels: ["urgent"], context } };
        },
      } as never,
      fitContext(ticket, own) {
        fitted.push({ ticket, own });
        return ticket;
      },
    },
    task,
    NOW,
  );
  return { claimed, read, own: fitted[0]?.own, ticket: fitted[0]?.ticket };
}

describe("what an agent is told of a task that it took", () => {
  test("its words, its lease, and its ticket's head", async () => {
    const task = runningTask({ fence: 1, deadline_at: NOW + MINUTE });
    expect((await brief(task)).claimed).toMatchObject({
      task_id: task.task_id,
      fence: 1,
      lease_expires_at: "2026-01-05T10:02:00.000Z",
      deadline_at: "2026-01-05T10:01:00.000Z",
      title: "Build",
      description: null,
      required_capabilities: ["go"],
      attempt: 1,
      timeout_seconds: 3_600,
      ticket: { ticket_id: task.ticket_id, title: "The ticket", external_ref: null, labels: ["urgent"] },
    });
  });

  test("for a first attempt without notes nothing more is read: the claim's fifth request is its last", async () => {
    expect((await brief(runningTask({ fence: 1 }))).read).toEqual([]);
    expect((await brief(runningTask({ fence: 2 }))).read).toEqual(["attempt"]);
    expect((await brief(runningTask({ fence: 1, has_notes: true }))).read).toEqual(["task_note"]);
  });

  test("what its attempts died of and left, the oldest first, and what each of its dependencies left", async () => {
    const { task_id } = runningTask();
    const attempts = Array.from({ length: 60 }, (_, n) => failed(n + 1));
    const notes = Array.from({ length: 60 }, (_, n) => left(task_id, n, "a"));
    const { own, ticket } = await brief(runningTask({ fence: 61, has_notes: true }), { attempts, notes });
    expect(own?.errors).toEqual(attempts.map(({ error }) => error?.message));
    expect(own?.handoffs.map(({ task_id }) => task_id)).toEqual(notes.map(({ from }) => from));
    expect(ticket?.cut).toEqual([]);
  });

  test("no more than its budget could hold, and that more was left", async () => {
    const { task_id } = runningTask();
    const notes = Array.from({ length: 1_000 }, (_, n) => left(task_id, n, "x".repeat(2_000)));
    const { own, ticket, read } = await brief(runningTask({ fence: 1, has_notes: true }), { notes });
    expect(JSON.stringify(own?.handoffs).length).toBeGreaterThan(limits.context_budget_tokens * 4);
    expect(read.length).toBeLessThan(5);
    expect(ticket?.cut).toEqual(["what further dependencies left"]);
  });

  test("no word that came under a lost fence as if it were an attempt's", async () => {
    const orphan = attempt(1, {
      orphan: "x",
      outcome: "orphan",
      error: { attempt: 1, kind: "lease_lost", message: "late", at: NOW },
    });
    expect((await brief(runningTask({ fence: 3 }), { attempts: [failed(1), orphan] })).own?.errors).toEqual([
      "error 1",
    ]);
  });

  test("answers, handoffs of its dependencies and of its own attempts, and the feedback that it was made with", async () => {
    const { task_id } = runningTask();
    const notes: TaskNoteRow[] = [
      { version: 1, task_id, from: "answer#1", note: "Spaces." },
      { version: 1, task_id, from: "task_before", handoff: { done: ["a"] } },
    ];
    const attempts = [attempt(1, { outcome: "released", handoff: { remaining: ["b"] } })];
    const feedback = ["It broke."];
    expect((await brief(runningTask({ fence: 2, has_notes: true }), { notes, attempts, feedback })).own).toEqual({
      notes: ["Spaces."],
      handoffs: [
        { task_id: "task_before", from: "dependency", handoff: { done: ["a"] } },
        { task_id, from: "attempt", handoff: { remaining: ["b"] } },
      ],
      feedback: ["It broke."],
      errors: [],
    });
  });

  test("into its ticket's context, or an empty one of the stage's budget", async () => {
    const { ticket: empty } = await brief(runningTask());
    expect(empty).toMatchObject({ budget_tokens: limits.context_budget_tokens, tokens: 0, summaries: [], cut: [] });
    const context = { ...(empty as TaskContext), summaries: ["Planned."], budget_tokens: 500 };
    const { ticket, claimed } = await brief(runningTask(), { context });
    expect(ticket).toEqual(context);
    expect(claimed.context).toEqual(context);
  });
});
