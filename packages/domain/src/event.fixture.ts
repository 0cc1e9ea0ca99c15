import type { Envelope } from "@omoios/contracts/events";

/** An event as a consumer hears it: about an agent, told by the sweep, unless given otherwise. */
export const event = (type: string, data: Record<string, unknown>, given: Partial<Envelope> = {}): Envelope => ({
  id: "agent_a#7#0",
  type,
  version: 1,
  time: "2026-01-05T10:00:00.000Z",
  source: "omoios",
  subject: { kind: "agent", id: "agent_a" },
  actor: { kind: "system", id: "sweep", authority: "SYSTEM" },
  correlation_id: "c",
  causation_id: null,
  traceparent: null,
  data,
  ...given,
});
