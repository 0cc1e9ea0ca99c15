import { type EventType, isEventType } from "@omoios/contracts/events";
import { AUTHORITY } from "@omoios/kernel/principal";
import { isNotOneOf } from "../config/one-of-two.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { didYouMean } from "../config/suggest.ts";
import { entriesOf, type IsUnsure, type Parts } from "../config/well-formed.ts";
import { parseEventCondition } from "./event-condition.ts";
import { membersOf, TRIGGER_EVENTS } from "./event-sources.ts";
import type { ActionConfig, PolicyConfig, TriggerConfig } from "./policy-config.ts";
import { rateLimitOf } from "./rate-limit.ts";
import { remedies } from "./remedies.ts";

/** Its own alerts, which would have it act on its own acting. */
const OWN_ALERT = /^(watchdog|guardian)_/;

/** What a schema cannot say of a policy, of those parts whose form is right. Paths begin at the policy. */
export function checkPolicy(policy: Parts<PolicyConfig> | undefined, isUnsure: IsUnsure): ConfigIssue[] {
  return [
    ...entriesOf(policy?.triggers).flatMap(({ entry, index }) => triggerFaults(entry, ["triggers", index], isUnsure)),
    ...entriesOf(policy?.actions).flatMap(({ entry, index }) => actionFaults(policy ?? {}, entry, index)),
    ...(["per_target", "per_fleet"] as const).flatMap((key) => limitFaults(policy?.limits?.[key], key)),
  ];
}

function triggerFaults(trigger: Parts<TriggerConfig>, path: ConfigPath, isUnsure: IsUnsure): ConfigIssue[] {
  const { alert, event, condition } = trigger;
  if (isNotOneOf(trigger, ["alert", "event"], path, isUnsure))
    return [{ path, message: "a trigger names an `alert` or an `event`, one of the two" }];
  if (alert !== undefined) {
    if (OWN_ALERT.test(alert))
      return [
        { path: [...path, "alert"], message: `${alert} tells of the watchdog itself: it would act on its own acting` },
      ];
    const message = "goes with an event; an alert has its condition in its rule";
    return condition === undefined
      ? []
      : [{ path: [...path, "condition"], at: "key", message: `\`condition\` ${message}` }];
  }
  if (event === undefined) return [];
  if (!isEventType(event) || !TRIGGER_EVENTS.includes(event)) {
    const heard = `It hears ${TRIGGER_EVENTS.join(", ")}.${didYouMean(event, TRIGGER_EVENTS)}`;
    return [{ path: [...path, "event"], message: `the watchdog does not hear ${event}. ${heard}` }];
  }
  return conditionFaults(event, condition, [...path, "condition"]);
}

function conditionFaults(type: EventType, condition: string | undefined, path: ConfigPath): ConfigIssue[] {
  if (condition === undefined) return [];
  const read = parseEventCondition(condition, membersOf(type));
  return read.ok ? [] : [{ path, offset: read.at, message: read.message }];
}

/** Members that belong to one type of action. */
const OWN_MEMBERS = { workers: "scale_out", receivers: "notify", severity: "notify" } as const;

function actionFaults(
  { actions = [], authority }: Parts<PolicyConfig>,
  action: Parts<ActionConfig>,
  index: number,
): ConfigIssue[] {
  const path = ["actions", index];
  const { type } = action;
  if (type === undefined) return [];
  const { mends, verify_within_ms, authority: needed } = remedies[type];
  const faults: ConfigIssue[] = [];
  if (authority !== undefined && AUTHORITY[authority] < AUTHORITY[needed])
    faults.push({
      path: [...path, "type"],
      message: `${type} takes the authority ${needed}, and the policy has ${authority}`,
    });
  if (actions.findIndex((other) => other?.type === type) < index)
    faults.push({
      path: [...path, "type"],
      message: `${type} stands here twice: what did not help once is not tried again`,
    });
  if (action.verify_within !== undefined && !(mends && verify_within_ms > 0))
    faults.push({
      path: [...path, "verify_within"],
      at: "key",
      message: `the effect of ${type} is there at once: \`verify_within\` has no meaning`,
    });
  for (const [key, owner] of Object.entries(OWN_MEMBERS))
    if (owner !== type && action[key as keyof typeof OWN_MEMBERS] !== undefined)
      faults.push({ path: [...path, key], at: "key", message: `\`${key}\` belongs to ${owner}` });
  if (type === "escalate" && index < actions.length - 1)
    faults.push({ path: [...path, "type"], message: "what is escalated is handed on: nothing can stand after it" });
  return faults;
}

function limitFaults(text: string | undefined, key: "per_target" | "per_fleet"): ConfigIssue[] {
  if (text === undefined) return [];
  const limit = rateLimitOf(text);
  const path = ["limits", key];
  if (limit === undefined) return [{ path, message: "must be so often within so long, such as 3/1h or 10%/5m" }];
  if (!("percent" in limit.most)) return [];
  if (key === "per_target") return [{ path, message: "one target has no share: give a number, such as 3/1h" }];
  return limit.most.percent > 100
    ? [{ path, message: "more than all of the fleet is no limit: give at most 100%, such as 10%/5m" }]
    : [];
}
