import type { AlertRule } from "@omoios/contracts/shapes/alert-rule";
import type { Instant } from "@omoios/kernel/clock";
import type { AuthorityName } from "@omoios/kernel/principal";
import type { MaybeExpiring, Versioned } from "../../versioned.ts";

/** A rule that was made by the API. One that was deleted stays for a day, marked, so that its end is an event like every other. */
export interface AlertRuleRow extends Versioned, MaybeExpiring {
  name: string;
  written: AlertRule;
  created_at: Instant;
  updated_at: Instant;
  updated_by: string;
  /** Of whoever wrote it last: what its alerts lead to is done with that. A row of before it was kept has the least. */
  authority?: AuthorityName | undefined;
  deleted?: boolean | undefined;
}
