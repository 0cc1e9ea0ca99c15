import { consume } from "../consume.ts";

export const handler = consume(["ticket.phase_changed", "ticket.cancelled"], ({ work }, event) =>
  work.enterPhase(event),
);
