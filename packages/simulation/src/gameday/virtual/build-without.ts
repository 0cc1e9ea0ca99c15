import type { Configuration } from "@omoios/app/configuration";
import type { LackedPart } from "@omoios/app/ground";
import type { WithoutPart } from "../without.ts";

interface Build {
  plane: Configuration;
  /** What is left out of its code. */
  lacks?: LackedPart;
  /** Whether the plane's events make alerts. */
  hears_events: boolean;
}

/** The plane without a part of it. */
export function buildWithout(part: WithoutPart | undefined, plane: Configuration): Build {
  switch (part) {
    case undefined:
    case "faults":
      return { plane, hears_events: true };
    case "deduplication":
    case "detector":
      return { plane, lacks: part, hears_events: true };
    case "watchdog":
      return { plane: { ...plane, watchdog_policies: [] }, hears_events: true };
    case "rules":
      return { plane: { ...plane, alert_rules: { written: [], faults: [] } }, hears_events: false };
  }
}
