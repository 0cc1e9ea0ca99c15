import { consumers } from "@omoios/contracts/consumers";
import type { Instant } from "@omoios/kernel/clock";
import type { Chance } from "../../chance.ts";
import type { VirtualTime } from "../../virtual-time.ts";
import type { Faults } from "../../wire/faults.ts";
import type { BreakageKind as Kind } from "../ground.ts";

/** What goes wrong when a game day says so, and nothing else. */
export interface Breakage extends Faults {
  /** From now on, for so long, in that share of cases. */
  break(kind: Kind, share: number, for_ms: number): void;
  /** Whether it goes wrong this time. */
  strikes(kind: Kind): boolean;
  /** Everything works again. */
  mend(): void;
}

const EVENT_QUEUES: ReadonlySet<string> = new Set(consumers.map(({ name }) => name));
/** What is asked of the other services; all else is of the tables. */
const NOT_OF_TABLES = /^(SendMessage|PutEvents)/;

export function breakageBy(time: VirtualTime, chance: Chance): Breakage {
  const broken = new Map<Kind, { share: number; until: Instant }>();

  const strikes = (kind: Kind): boolean => {
    const found = broken.get(kind);
    return found !== undefined && time.now() < found.until && chance.random() < found.share;
  };

  return {
    on: false,
    begin: () => undefined,
    end: () => broken.clear(),
    mend: () => broken.clear(),
    break: (kind, share, for_ms) => void broken.set(kind, { share, until: time.now() + for_ms }),
    strikes,
    ofRequest(possible, operation) {
      if (NOT_OF_TABLES.test(operation) || !possible.includes("throttled")) return undefined;
      return strikes("throttle_table") ? "throttled" : undefined;
    },
    ofMessage(queue) {
      if (queue === undefined || !EVENT_QUEUES.has(queue)) return undefined;
      if (strikes("drop_events")) return "lost";
      if (strikes("double_events")) return "doubled";
      return strikes("reorder_events") ? "late" : undefined;
    },
  };
}
