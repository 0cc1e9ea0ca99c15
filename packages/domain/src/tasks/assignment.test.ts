import type { AgentId } from "@omoios/kernel/ids";
import { describe, expect, it } from "vitest";
import { contextAt, limits, NOW, SECOND, taskRow } from "../../../../tests/harness/task-row.ts";
import { accept, unaccepted } from "./lifecycle.ts";

const AGENT = "agent_6f9619ff-8b86-4d01-b42d-00c04fc964ff" as AgentId;
const LATER = NOW + 30 * SECOND;
const assigned = taskRow({
  status: "assigned",
  agent_id: AGENT,
  fence: 3,
  attempt: 2,
  retry_count: 1,
  lost_leases: 2,
  lease_expires_at: NOW + limits.assignment_seconds * SECOND,
});

describe("a task that was pushed to an agent", () => {
  it("runs from its acceptance on: lease and time-out count from there", () => {
    const { next, events, attempt } = accept(assigned, contextAt(LATER), limits);
    expect(next).toMatchObject({
      status: "running",
      agent_id: AGENT,
      fence: 3,
      attempt: 2,
      started_at: LATER,
      lease_expires_at: LATER + limits.lease_seconds * SECOND,
      due_at: LATER + limits.lease_seconds * SECOND,
    });
    expect(events).toEqual([{ type: "task.started" }]);
    expect(attempt).toBeUndefined();
  });

  it("goes back to its lane where it is not accepted: an attempt more, no retry, and no lost lease of a worker", () => {
    const { next, events, attempt } = unaccepted(
      assigned,
      { dependents: 0, shards: 1 },
      "late",
      contextAt(LATER),
      limits,
    );
    expect(next).toMatchObject({ status: "ready", fence: 3, attempt: 2, retry_count: 1, lost_leases: 2 });
    for (const name of ["agent_id", "lease_expires_at", "started_at", "due_at", "released"] as const)
      expect(next[name]).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(["task.lease_expired", "task.ready"]);
    expect(attempt).toMatchObject({ outcome: "lease_lost", attempt: 2, fence: 3, agent_id: AGENT });
    expect(attempt?.error).toMatchObject({ kind: "lease_lost", message: "late" });
  });
});
