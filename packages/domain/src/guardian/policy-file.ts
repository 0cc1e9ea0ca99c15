import { type EventType, events } from "@omoios/contracts/events";
import { GUARDIAN_TRIGGERS } from "@omoios/contracts/guardian-events";
import { priority } from "@omoios/contracts/shapes/common";
import { duration, durationMs } from "@omoios/contracts/shapes/duration";
import { type GuardianAction, guardianAction } from "@omoios/contracts/shapes/guardian";
import * as z from "zod";
import { parseMatcher } from "../alerting/matcher.ts";
import { matcherFaults } from "../alerting/routing-checks.ts";
import { duplicates } from "../config/names.ts";
import { isNotOneOf } from "../config/one-of-two.ts";
import type { ConfigIssue, ConfigPath } from "../config/positions.ts";
import { type ConfigRead, readYaml } from "../config/read.ts";
import { didYouMean } from "../config/suggest.ts";
import { entriesOf, type IsUnsure, type Parts, whole } from "../config/well-formed.ts";
import type { Policy } from "./policy.ts";

const name = z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/, "must be 1 to 60 letters, digits, `_`, `.` or `-`");
const member = z.string().regex(/^[a-zA-Z_]\w{0,59}$/, "must be the name of a label or of an event's member");

const trigger = z.strictObject({
  alert: z.string().min(1).max(200).optional(),
  event: z.enum(GUARDIAN_TRIGGERS).optional(),
  matchers: z.array(z.string()).default([]),
});

const step = z.strictObject({
  type: guardianAction,
  target: member.optional(),
  priority: priority.optional(),
  amount: z.int().min(1).max(49).optional(),
});

/** A file of `config/guardian_policies`. */
const policyFile = z.strictObject({
  policy: z.strictObject({
    name,
    description: z.string().max(500).optional(),
    enabled: z.boolean().default(true),
    triggers: z.array(trigger).min(1),
    actions: z.array(step).min(1).max(10),
    rollback: z.strictObject({ after: duration }).optional(),
    cooldown: duration.default("5m"),
  }),
});
type PolicyFile = z.infer<typeof policyFile>;
type PolicyParts = Parts<PolicyFile["policy"]>;
type Trigger = PolicyFile["policy"]["triggers"][number];
type Step = PolicyFile["policy"]["actions"][number];

/** What names the target where a step does not say it. */
const TARGETS: Readonly<Record<GuardianAction, string>> = {
  cancel_task: "task_id",
  override_priority: "task_id",
  reallocate_capacity: "phase_id",
  quarantine: "agent_id",
  release: "agent_id",
  pause_lane: "lane",
  resume_lane: "lane",
};

/** A rollback comes while its action is still kept. */
const LONGEST_ROLLBACK_MS = 30 * 86_400_000;

/** Reads the policies of some files, in their order. The faults are lines `file:line:column text`. */
export function readGuardianPolicies(files: readonly { file: string; text: string }[]): ConfigRead<Policy[]> {
  const policies: Policy[] = [];
  const faults: string[] = [];
  for (const { file, text } of files) {
    const read = readYaml(text, file, policyFile, {
      parts: (parts, isUnsure) => [
        ...check(parts?.policy ?? {}, isUnsure),
        // The names before it are taken, and of these only its own can be wrong here.
        ...duplicates([
          ...policies.map((known) => ({ name: known.name, path: [] })),
          { name: parts?.policy?.name, path: ["policy", "name"] },
        ]),
      ],
    });
    if (read.ok) policies.push(policyOf(read.value));
    else faults.push(...read.faults);
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: policies };
}

/** What the parts of a policy owe each other, of those whose form is right. */
function check(policy: PolicyParts, isUnsure: IsUnsure): ConfigIssue[] {
  const said = policy.rollback?.after;
  const after = said === undefined ? undefined : durationMs(said);
  const path = ["policy", "rollback", "after"];
  return [
    ...entriesOf(policy.triggers).flatMap(({ entry, index }) =>
      checkTrigger(entry, ["policy", "triggers", index], isUnsure),
    ),
    ...entriesOf(policy.actions).flatMap(({ entry, index }) =>
      checkStep(entry, ["policy", "actions", index], isUnsure),
    ),
    ...targetFaults(policy, isUnsure),
    ...(after === 0 ? [{ path, message: "must be some time: at once it would have done nothing" }] : []),
    ...(after !== undefined && after > LONGEST_ROLLBACK_MS ? [{ path, message: "must be at most 30d" }] : []),
  ];
}

function checkTrigger(trigger: Parts<Trigger>, path: ConfigPath, isUnsure: IsUnsure) {
  const { event, matchers } = trigger;
  const wrong = isNotOneOf(trigger, ["alert", "event"], path, isUnsure);
  const named: ConfigIssue[] = wrong ? [{ path, message: "must name an `alert` or an `event`, one of the two" }] : [];
  const members = event === undefined ? undefined : membersOf(event);
  const unknown = entriesOf(matchers).flatMap(({ entry: text, index }): ConfigIssue[] => {
    const read = parseMatcher(text);
    if (!read.ok || members === undefined || members.includes(read.matcher.label)) return [];
    return [{ path: [...path, "matchers", index], message: noMember(`${event}`, read.matcher.label, members) }];
  });
  return [...named, ...matcherFaults(matchers, [...path, "matchers"]), ...unknown];
}

/** A step whose target no event of the policy names could never act. What labels an alert has is its sender's business. */
function targetFaults({ triggers, actions }: PolicyParts, isUnsure: IsUnsure): ConfigIssue[] {
  const named = whole(
    triggers?.map((trigger, index) =>
      trigger?.alert !== undefined || isUnsure(["policy", "triggers", index, "alert"]) ? undefined : trigger?.event,
    ),
  );
  if (named === undefined || named.length === 0) return [];
  const members = [...new Set(named.flatMap(membersOf))];
  return entriesOf(actions).flatMap(({ entry: { type, target }, index }): ConfigIssue[] => {
    const path = ["policy", "actions", index];
    const own = type === undefined || isUnsure([...path, "target"]) ? undefined : TARGETS[type];
    const wanted = target ?? own;
    if (wanted === undefined || members.includes(wanted)) return [];
    const at = target === undefined ? path : [...path, "target"];
    return [{ path: at, message: noMember(named.join(", "), wanted, members) }];
  });
}

const membersOf = (event: EventType): string[] => Object.keys(events[event].data().shape);

const noMember = (event: string, name: string, members: readonly string[]): string =>
  `${event} has no member \`${name}\`. There are ${members.join(", ")}.${didYouMean(name, members)}`;

function checkStep({ type, priority: wanted, amount }: Parts<Step>, path: ConfigPath, isUnsure: IsUnsure) {
  if (type === undefined) return [];
  const fault = (key: string, message: string): ConfigIssue => ({ path: [...path, key], message });
  const overrides = type === "override_priority";
  return [
    ...(overrides && wanted === undefined && !isUnsure([...path, "priority"])
      ? [{ path, message: "is missing: override_priority needs a `priority`" }]
      : []),
    ...(!overrides && wanted !== undefined ? [fault("priority", `is not for ${type}`)] : []),
    ...(type !== "reallocate_capacity" && amount !== undefined ? [fault("amount", `is not for ${type}`)] : []),
  ];
}

function policyOf({ policy }: PolicyFile): Policy {
  const { rollback, cooldown, actions, ...said } = policy;
  return {
    ...said,
    actions: actions.map(({ target, ...one }) => ({ ...one, target: target ?? TARGETS[one.type] })),
    rollback_after_ms: rollback && durationMs(rollback.after),
    cooldown_ms: durationMs(cooldown),
  };
}
