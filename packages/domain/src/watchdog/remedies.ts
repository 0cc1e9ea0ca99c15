import type { Remedy, TargetKind } from "@omoios/contracts/shapes/watchdog";
import type { AuthorityName } from "@omoios/kernel/principal";

interface RemedyRow {
  /** The authority that it takes. */
  authority: AuthorityName;
  targets: readonly TargetKind[];
  /** Whether it can be the whole remedy. The others prepare or accompany: what comes after them is done all the same. */
  mends: boolean;
  /** How long its effect is waited for unless the policy says; 0 where it is there at once. */
  verify_within_ms: number;
}

const ANY: readonly TargetKind[] = ["agent", "phase", "plane"];

/** What is known of each action. */
export const remedies: Readonly<Record<Remedy, RemedyRow>> = {
  restart: { authority: "MONITOR", targets: ["agent"], mends: true, verify_within_ms: 120_000 },
  recycle_token: { authority: "MONITOR", targets: ["agent"], mends: true, verify_within_ms: 120_000 },
  failover: { authority: "MONITOR", targets: ["agent"], mends: true, verify_within_ms: 120_000 },
  quarantine: { authority: "MONITOR", targets: ["agent"], mends: true, verify_within_ms: 0 },
  scale_out: { authority: "WATCHDOG", targets: ["phase", "agent"], mends: true, verify_within_ms: 300_000 },
  requeue_tasks: { authority: "WATCHDOG", targets: ["agent"], mends: false, verify_within_ms: 0 },
  notify: { authority: "WATCHDOG", targets: ANY, mends: false, verify_within_ms: 0 },
  escalate: { authority: "WATCHDOG", targets: ANY, mends: false, verify_within_ms: 0 },
};
