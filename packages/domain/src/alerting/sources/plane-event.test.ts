import { consumers } from "@omoios/contracts/consumers";
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
    const labels = { ticket_id: "ticket_1", phase_id: "PHASE_TESTING" };
    const [begin, end] = [eventSignal(event("ticket.blocked", labels)), eventSignal(event("ticket.unblocked", labels))];
    expect(begin).toMatchObject({ alertname: "ticket_blocked", status: "firing", labels });
    expect(end).toMatchObject({ alertname: "ticket_blocked", status: "resolved", labels });
    expect(end).not.toHaveProperty("ends_at");
  });

  it("bring an anomaly's own severity, and are nothing where no alert is made of them", () => {
    expect(eventSignal(event("monitor.anomaly.detected", { severity: "error" }))?.severity).toBe("error");
    expect(eventSignal(event("task.completed", {}))).toBeUndefined();
  });
});
