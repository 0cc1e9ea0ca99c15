import type { Envelope } from "@omoios/contracts/events";
import { expect, test } from "vitest";
import { samplesOfEvent } from "./event-samples.ts";

const time = "2026-01-05T10:00:00.000Z";
const samples = (type: string, data: object) =>
  samplesOfEvent({ type, time, data } as Envelope).map(({ metric_name, labels, value, timestamp }) => [
    metric_name,
    Object.values(labels).join(),
    value,
    timestamp?.slice(-5, -1),
  ]);

test("beats that an agent missed in one moment are samples in their order; with the last it has failed", () => {
  expect(samples("agent.heartbeat.missed", { agent_id: "a1", count: 2, status: "DEGRADED" })).toEqual([
    ["agent.heartbeat.missed", "a1", 2, ".002"],
  ]);
  expect(samples("agent.heartbeat.missed", { agent_id: "a1", count: 3, status: "FAILED" })).toEqual([
    ["agent.heartbeat.missed", "a1", 3, ".003"],
    ["agent.status.unresponsive", "a1", 1, ".000"],
  ]);
});

test("a ticket's block begins and ends, of a CRITICAL one in two series", () => {
  expect(samples("ticket.blocked", { ticket_id: "t1", priority: "LOW" })).toEqual([
    ["ticket.blocked", "t1", 1, ".000"],
  ]);
  expect(samples("ticket.unblocked", { ticket_id: "t1", priority: "CRITICAL" })).toEqual([
    ["ticket.blocked", "t1", 0, ".000"],
    ["ticket.blocked.critical", "t1", 0, ".000"],
  ]);
  expect(samples("task.stuck", { task_id: "x" })).toEqual([]);
});
