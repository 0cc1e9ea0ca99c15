import type { AlertRule, TestAlertRule } from "@omoios/contracts/shapes/alert-rule";
import type { Clock, Instant } from "@omoios/kernel/clock";
import { type Fault, Problem } from "@omoios/kernel/problem";
import type { NoteRead } from "../../cache-counts.ts";
import { cachedRead } from "../../cached-read.ts";
import type { Commit, RequestContext } from "../../commit.ts";
import { issueFaults } from "../../config/issue-faults.ts";
import type { Parts } from "../../config/well-formed.ts";
import { untilSettled } from "../../decide.ts";
import { expiryInDays } from "../../expiry.ts";
import type { Store } from "../../store.ts";
import type { Bringer } from "../bringer.ts";
import { checkRule, judgeMembers } from "./check-rule.ts";
import type { Rule } from "./rule.ts";
import type { AlertRuleRow } from "./rule-row.ts";
import type { Trial } from "./try-rule.ts";
import { tryWritten } from "./try-written.ts";

/** A process trusts what it read of the rules for so long. */
const CACHE_MS = 2_000;
const DELETED_KEPT_DAYS = 1;

export interface RuleParts {
  store: Store;
  commit: Commit;
  clock: Clock;
  note_read?: NoteRead;
  /** The rules of the configuration's files. */
  files: readonly AlertRule[];
  /** The receivers that a rule may name. */
  receivers: ReadonlySet<string>;
}

/** A rule as it is in force, and where it comes from: one of a file has no row. */
export interface KnownRule {
  written: AlertRule;
  row: AlertRuleRow | undefined;
}

export type RuleService = ReturnType<typeof ruleService>;

/** The rules in force: those of the files, and those made by the API. One for each process, since it keeps what it read for a moment. */
export function ruleService({ store, commit, clock, note_read, files, receivers }: RuleParts) {
  const ofFiles = new Map(files.map((written) => [written.name, written]));
  const rowsNow = async () =>
    (await store.all("alert_rule", {})).filter((row) => !row.deleted && !ofFiles.has(row.name));
  const inForce = cachedRead(
    async () => byMetric([...files.map((written) => ({ written })), ...(await rowsNow()).map(ofRow)]),
    clock,
    CACHE_MS,
    note_read,
  );

  const find = async (name: string): Promise<KnownRule | undefined> => {
    const written = ofFiles.get(name);
    if (written !== undefined) return { written, row: undefined };
    const row = await store.get("alert_rule", { name });
    return row === undefined || row.deleted ? undefined : { written: row.written, row };
  };
  const rowOf = async (name: string): Promise<AlertRuleRow> => {
    const known = await find(name);
    if (known === undefined) throw new Problem("alert_rule.not_found");
    if (known.row === undefined) throw fromFile(name);
    return known.row;
  };

  const change = (
    ctx: RequestContext,
    name: string,
    if_match: number | undefined,
    edit: (row: AlertRuleRow) => AlertRuleRow,
  ) =>
    untilSettled(async () => {
      const before = await rowOf(name);
      if (if_match !== undefined && if_match !== before.version)
        throw new Problem("request.precondition_failed", { extra: { current_version: before.version } });
      const after = { ...edit(before), ...writtenBy(ctx) };
      const [row] = await commit(ctx, [
        { kind: "alert_rule", before, after, events: [{ type: "monitor.rule_changed" }] },
      ]);
      inForce.forget();
      return row as AlertRuleRow;
    });

  return {
    /** A rule as a caller wrote it, ready to judge. Throws `request.invalid` with every fault. */
    read(written: AlertRule): Rule {
      const checked = checkRule(written, { receivers });
      if (checked.ok) return checked.rule;
      throw new Problem("request.invalid", { errors: issueFaults(checked.issues, "/rule") });
    },

    /** What stands against those parts of a rule whose shape is right. @param base the pointer to the rule */
    readableFaults: (written: Parts<AlertRule>, base = ""): Fault[] =>
      issueFaults(judgeMembers(written, { receivers }).issues, base),

    /** What a rule would have done with the series of a test. Throws `request.invalid` with every fault. */
    tried: (given: TestAlertRule, start: Instant): Trial => tryWritten(given, start, { receivers }),

    /** The rules that judge a metric; what was changed counts after two seconds at most. */
    async ofMetric(metric: string): Promise<readonly Rule[]> {
      return (await inForce()).get(metric) ?? [];
    },

    /** Every rule in force, by name. */
    async list(): Promise<KnownRule[]> {
      const rows = (await rowsNow()).map((row): KnownRule => ({ written: row.written, row }));
      const all = [...files.map((written): KnownRule => ({ written, row: undefined })), ...rows];
      return all.sort((a, b) => (a.written.name < b.written.name ? -1 : 1));
    },

    find,

    /** Throws `alert_rule.not_found`. */
    async get(name: string): Promise<KnownRule> {
      const known = await find(name);
      if (known === undefined) throw new Problem("alert_rule.not_found");
      return known;
    },

    /** Makes a rule. Throws `request.invalid` with every fault, or `alert_rule.exists`. */
    create(ctx: RequestContext, written: AlertRule): Promise<AlertRuleRow> {
      refuseFaults(written, receivers);
      const { name } = written;
      return untilSettled(async () => {
        const before = await store.get("alert_rule", { name });
        if (ofFiles.has(name) || (before !== undefined && !before.deleted)) throw new Problem("alert_rule.exists");
        const after: AlertRuleRow = {
          version: before?.version ?? 0,
          name,
          written,
          created_at: ctx.now,
          ...writtenBy(ctx),
        };
        const made = { kind: "alert_rule", after, events: [{ type: "monitor.rule_changed" }] } as const;
        const [row] = await commit(ctx, [before === undefined ? made : { ...made, before }], { made: name });
        inForce.forget();
        return row as AlertRuleRow;
      });
    },

    /** Gives a rule another text under its name. Throws `alert_rule.from_file` for one that stands in a file. */
    async replace(
      ctx: RequestContext,
      name: string,
      written: AlertRule,
      if_match: number | undefined,
    ): Promise<AlertRuleRow> {
      await rowOf(name);
      const other = [{ path: "/name", message: `must be ${name}, as in the path` }];
      if (written.name !== name) throw new Problem("request.invalid", { errors: other });
      refuseFaults(written, receivers);
      return change(ctx, name, if_match, (row) => ({ ...row, written }));
    },

    /** Takes a rule out of force; the next sweep resolves its alerts. */
    remove(ctx: RequestContext, name: string, if_match: number | undefined): Promise<AlertRuleRow> {
      const ttl = expiryInDays(ctx.now, DELETED_KEPT_DAYS);
      return change(ctx, name, if_match, (row) => ({ ...row, deleted: true, ttl }));
    },
  };
}

const fromFile = (name: string) =>
  new Problem("alert_rule.from_file", { detail: `${name} stands in config/alert_rules.` });

const writtenBy = ({ now, actor }: RequestContext) => ({
  updated_at: now,
  updated_by: actor.id,
  authority: actor.authority,
});

const ofRow = ({ written, updated_by: id, authority = "WORKER" }: AlertRuleRow) => ({
  written,
  brought_by: { id, authority },
});

/** Rules that hold no more, because the catalogue or the receivers changed since they were made, judge nothing. */
function byMetric(all: readonly { written: AlertRule; brought_by?: Bringer }[]): ReadonlyMap<string, readonly Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const { written, brought_by } of all) {
    const checked = checkRule(written);
    if (!checked.ok) continue;
    const { metric } = checked.rule;
    rules.set(metric, [...(rules.get(metric) ?? []), { ...checked.rule, brought_by }]);
  }
  return rules;
}

function refuseFaults(written: AlertRule, receivers: ReadonlySet<string>): void {
  const checked = checkRule(written, { receivers });
  if (!checked.ok) throw new Problem("request.invalid", { errors: issueFaults(checked.issues) });
}
