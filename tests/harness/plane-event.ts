import type { Envelope } from "@omoios/contracts/events";
import { event } from "@omoios/domain/event.fixture";

/** An event of a subject of its own, for tests of the log. */
export const planeEvent = (id: string, version: number, at: number): Envelope =>
  event(
    "plane.paused",
    {},
    {
      id: `${id}#${version}#0`,
      version,
      time: new Date(at).toISOString(),
      subject: { kind: "plane", id },
    },
  );
