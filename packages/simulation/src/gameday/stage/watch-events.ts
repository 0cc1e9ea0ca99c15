import type { Envelope } from "@omoios/contracts/events";
import { toRfc3339 } from "@omoios/kernel/clock";
import { ApiProblem, Unreachable } from "@omoios/sdk/api-problem";
import type { Client } from "@omoios/sdk/client";
import type { Time } from "../time.ts";

/** The event log of a stage, followed from the begin of a run on. */
export interface WatchedEvents {
  /** Each once, in the order of the log. */
  readonly all: ReadonlyMap<string, Envelope>;
  /** Follows until the run is over. */
  follow(heard: (event: Envelope) => void): Promise<never>;
  /** Reads what is there by now. */
  readOn(): Promise<void>;
}

const LOOK_MS = 500;
const PAGE = 100;

export function watchEvents(operator: Client, time: Time): WatchedEvents {
  const all = new Map<string, Envelope>();
  const from = toRfc3339(time.now());
  let after: string | undefined;
  let hear: (event: Envelope) => void = () => undefined;
  let reading: Promise<void> = Promise.resolve();

  const read = async (): Promise<void> => {
    for (let full = true; full; ) {
      const page = await operator.listEvents({ query: { limit: PAGE, after, from } });
      for (const event of page.items) {
        if (all.has(event.id)) continue;
        all.set(event.id, event);
        hear(event);
      }
      after = page.next_cursor ?? after;
      full = page.items.length === PAGE;
    }
  };
  /** One at a time, or two would move the cursor. */
  const readOn = (): Promise<void> => {
    reading = reading.then(read, read);
    return reading;
  };

  return {
    all,
    readOn,
    async follow(heard) {
      hear = heard;
      for (;;) {
        // A stage that does not answer for a moment is read on later: nothing of its log is lost.
        await readOn().catch(passing);
        await time.sleep(LOOK_MS);
      }
    },
  };
}

function passing(error: unknown): void {
  if (!(error instanceof ApiProblem) && !(error instanceof Unreachable)) throw error;
}
