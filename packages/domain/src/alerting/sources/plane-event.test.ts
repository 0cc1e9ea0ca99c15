import { consumers } from "@omoios/contracts/consumers";
import type { EventType } from "@omoios/contracts/events";
import { describe, expect, it } from "vitest";
import { event } from "../../event.fixture.ts";
import { START } from "../scenario.fixture.ts";
import { ALERTING_EVENTS, eventSignal } from "./plane-event.ts";

describe("the plane's own events", () => {
  it("reach alerting by the rule of its consumer", () => {
    const row = consumers.find(({ name }) => name === "alert-on-event");
    expect([...(row?.events ?? [])].sort()).toEqual([...ALERTING_EVENTS].sort());
  });

  it("are alerts by their names, told apart by whom they are about", () => {
    expect(eventSignal(event("agent.heartbeat.missed", { agent_id: "a1", count: 2 }))).toMatchObject({
      alertname: "agent_heartbeat_missed",
      labels: { agent_id: "a1" },
      status: "firing",
      severity: "warning",
      at: START,
      once: true,
      ends_at: START + 3_600_000,
    });
    expect(eventSignal(event("monitor.mass_silence", { silent: 9 }))).toMatchObject({
      severity: "critical",
      labels: {},
    });
  });

  it("end the alert of another event", () => {
    const begin = eventSignal(event("ticket.blocked", { ticket_id: "ticket_1", phase_id: "PHASE_TESTING" }));
    // It may have moved on meanwhile.
    const end = eventSignal(event("ticket.unblocked", { ticket_id: "ticket_1", phase_id: "PHASE_DONE" }));
    const labels = { ticket_id: "ticket_1" };
    expect(begin).toMatchObject({ alertname: "ticket_blocked", status: "firing", labels });
    expect(end).toMatchObject({ alertname: "ticket_blocked", status: "resolved", labels });
  });

  it.each<[EventType, EventType]>([
    ["monitor.mass_silence", "monitor.mass_silence.cleared"],
    ["task.stuck", "task.unstuck"],
    ["ticket.blocked", "ticket.unblocked"],
    ["watchdog.remediation.started", "watchdog.remediation.completed"],
    ["monitor.anomaly.detected", "monitor.anomaly.cleared"],
  ])("that say %s last until %s", (type, end) => {
    const data = { task_id: "t", policy: "p", agent_id: "a", labels: { phase_id: "b" } };
    const [begun, over] = [eventSignal(event(type, data)), eventSignal(event(end, data))];
    expect(begun).toMatchObject({ status: "firing" });
    expect(begun).not.toHaveProperty("ends_at");
    // It is a condition that holds: resolved by hand, it comes back.
    expect(begun).not.toHaveProperty("once");
    expect(over).toMatchObject({ status: "resolved", alertname: begun?.alertname, labels: begun?.labels });
  });

  it("tell anomalies apart by all labels of their series, and by its metric", () => {
    const found = (labels: object, kind: string, metric_name = "tasks_queued_total") =>
      eventSignal(event("monitor.anomaly.detected", { metric_name, kind, labels }));
    const labels = { phase_id: "PHASE_A", priority: "LOW" };
    expect(found(labels, "spike")).toMatchObject({
      labels: { ...labels, metric_name: "tasks_queued_total" },
      annotations: { kind: "spike" },
    });
    expect(found(labels, "trend")?.labels).toEqual(found(labels, "spike")?.labels);
    expect(found({ ...labels, priority: "CRITICAL" }, "spike")?.labels).toMatchObject({ priority: "CRITICAL" });
    expect(found(labels, "spike", "tasks_stuck")?.labels).toMatchObject({ metric_name: "tasks_stuck" });
  });

  it("say of an anomaly what was observed and what was usual, and the bound where it breached one", () => {
    const found = { metric_name: "agents_active", baseline: 5, observed: 0.5, deviation_percent: -90, labels: {} };
    const alert = eventSignal(event("monitor.anomaly.detected", { ...found, kind: "spike" }));
    expect(alert).toMatchObject({ metric_name: "agents_active", value: 0.5 });
    expect(alert).not.toHaveProperty("threshold");
    expect(alert?.annotations).toEqual({
      summary: "A series behaves unlike itself: agents_active is 0.5, and 5 was to be expected",
      kind: "spike",
      baseline: "5",
      observed: "0.5",
      deviation_percent: "-90",
    });
    const breach = event("monitor.anomaly.detected", { ...found, kind: "threshold_breach" });
    expect(eventSignal(breach)).toMatchObject({ value: 0.5, threshold: 5 });
  });

  it("bring an anomaly's own severity, and are nothing where no alert is made of them", () => {
    expect(eventSignal(event("monitor.anomaly.detected", { severity: "error" }))?.severity).toBe("error");
    expect(eventSignal(event("task.completed", {}))).toBeUndefined();
  });
});
