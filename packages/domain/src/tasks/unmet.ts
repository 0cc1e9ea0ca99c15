import type { Instant } from "@omoios/kernel/clock";
import type { RequestContext } from "../commit.ts";
import type { LaneHint } from "../store.ts";
import { missingFor } from "./lane.ts";
import type { ClassRow, LaneRow } from "./model.ts";
import type { TaskParts } from "./parts.ts";

/** Lanes whose hints are looked at for one notice: as many as one request reads. */
const LOOKED_AT_LANES = 100;
/** Lanes that one notice names, and other classes that it names for each. */
const NAMED_LANES = 5;
const NAMED_CLASSES = 3;

type Parts = Pick<TaskParts, "store" | "workHints" | "limits" | "notice">;

/** What a lane with work asks for beyond what a class offers, and who comes closest to it. */
interface Unmet {
  lane: string;
  phase_id: string;
  required_capabilities: string[];
  tasks: number;
  missing: string[];
  /** Other classes by how little they lack; one that lacks nothing can take the work. Whether one of its agents lives is not asked. */
  alternatives: { capabilities: string[]; missing: string[] }[];
}

/**
 * After a claim that found nothing: says, for a sample, what the class lacks for the work that its phases hold. Lanes and classes are
 * read at most once in `claim_notice_every_seconds` by a process, for all classes together; hints come from its cache.
 */
export function unmetDemands(parts: Parts): (ctx: RequestContext, class_id: string) => Promise<void> {
  const every_ms = parts.limits.claim_notice_every_seconds * 1000;
  const looked = new Map<string, Instant>();
  let known: { lanes: LaneRow[]; classes: ClassRow[]; until: Instant } | undefined;

  return async (ctx, class_id) => {
    if (parts.notice === undefined) return;
    if (ctx.now - (looked.get(class_id) ?? Number.NEGATIVE_INFINITY) < every_ms) return;
    if (ctx.random() >= 1 / parts.limits.claim_notice_one_in) return;
    looked.set(class_id, ctx.now);
    if (known === undefined || known.until <= ctx.now) {
      const [lanes, classes] = await Promise.all([parts.store.all("lane", {}), parts.store.all("agent_class", {})]);
      known = { lanes, classes, until: ctx.now + every_ms };
    }
    const { lanes, classes } = known;
    const own = classes.find((row) => row.class_id === class_id);
    if (own === undefined) return;
    const beyond = lanes
      .filter((lane) => own.phase_ids.includes(lane.phase_id) && missingFor(lane, own).length > 0)
      .slice(0, LOOKED_AT_LANES);
    const unmet = unmetBy(own, beyond, classes, await parts.workHints.of(beyond.map(({ lane }) => lane)));
    if (unmet.length === 0) return;
    const { phase_ids, capabilities } = own;
    parts.notice("A claim found nothing, while its phases hold work that asks for more than its agent offers", {
      class_id,
      phase_ids,
      capabilities,
      lanes: unmet,
    });
  };
}

/** What of these lanes, which the class cannot take, holds work, the fullest first. */
function unmetBy(
  own: ClassRow,
  lanes: readonly LaneRow[],
  classes: readonly ClassRow[],
  hints: ReadonlyMap<string, LaneHint>,
): Unmet[] {
  const tasksIn = (lane: string) =>
    (hints.get(lane)?.shards ?? []).reduce((sum, { depth }) => sum + Math.max(0, depth), 0);
  return lanes
    .map((row) => ({ row, tasks: tasksIn(row.lane) }))
    .filter(({ tasks }) => tasks > 0)
    .sort((a, b) => b.tasks - a.tasks)
    .slice(0, NAMED_LANES)
    .map(({ row, tasks }) => ({
      lane: row.lane,
      phase_id: row.phase_id,
      required_capabilities: row.capabilities,
      tasks,
      missing: missingFor(row, own),
      alternatives: classes
        .filter(({ class_id }) => class_id !== own.class_id)
        .map((other) => ({ capabilities: other.capabilities, missing: missingFor(row, other) }))
        .sort((a, b) => a.missing.length - b.missing.length)
        .slice(0, NAMED_CLASSES),
    }));
}
