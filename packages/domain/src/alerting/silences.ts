import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { fromRfc3339, type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { isId, newId } from "@omoios/kernel/ids";
import { type Fault, Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { issueFaults } from "../config/issue-faults.ts";
import type { Parts } from "../config/well-formed.ts";
import { untilSettled } from "../decide.ts";
import { expiryInDays } from "../expiry.ts";
import type { AlertParts } from "./parts.ts";
import type { SilenceRow } from "./rows.ts";
import { silenceFaults } from "./silence.ts";
import { silenceView } from "./view.ts";

type SilenceChange = RouteInput<"changeSilence">["body"];
type NewSilence = RouteInput<"createSilence">["body"];

/** What people do with silences. One that ended is shown until it goes by itself. */
export function silenceVerbs(parts: AlertParts) {
  const { store, commit, limits } = parts;
  const endOf = (at: number | undefined) =>
    at === undefined ? undefined : expiryInDays(at, limits.retention_days.alerts);

  return {
    /** Throws `request.invalid` for matchers, times or hours that do not hold together. */
    async create(ctx: RequestContext, body: NewSilence): Promise<RouteReply<"createSilence">> {
      const { starts_at, ends_at } = asked(body, ctx.now);
      const row: SilenceRow = {
        version: 0,
        silence_id: newId("silence", ctx.random),
        matchers: body.matchers,
        starts_at,
        ends_at,
        recurring: body.recurring,
        author: ctx.actor.id,
        comment: body.comment,
        ttl: endOf(ends_at),
      };
      refuseFaults(row, ctx.now);
      await commit(ctx, [{ kind: "silence", after: row, events: [{ type: "monitor.silence_changed" }] }], {
        made: row.silence_id,
      });
      return silenceView(row, ctx.now);
    },

    /** What stands against those parts of a new one whose shape is right. */
    faults: (ctx: RequestContext, given: Parts<NewSilence>): Fault[] =>
      issueFaults(silenceFaults(asked(given, ctx.now), ctx.now)),

    /** One that was made before, as it stands. */
    get: async (ctx: RequestContext, silence_id: string) => silenceView(await silenceOf(silence_id), ctx.now),

    /** Lets it end at another time, or says anew why it is there. Throws `silence.ended`, or `request.invalid` for an end that cannot be. */
    change: (ctx: RequestContext, silence_id: string, given: SilenceChange): Promise<RouteReply<"createSilence">> =>
      untilSettled(async () => {
        const before = await silenceOf(silence_id);
        if (before.ends_at !== undefined && before.ends_at <= ctx.now)
          throw new Problem("silence.ended", { detail: `It ended at ${toRfc3339(before.ends_at)}.` });
        const ends_at = fromRfc3339(given.ends_at ?? "") ?? before.ends_at;
        const after = { ...before, ends_at, ttl: endOf(ends_at), comment: given.comment ?? before.comment };
        refuseFaults(after, ctx.now);
        const events = [{ type: "monitor.silence_changed" as const }];
        await commit(ctx, [{ kind: "silence", before, after, events }], { made: silence_id });
        return silenceView(after, ctx.now);
      }),

    /** Ends it now. One that has ended stays as it is. */
    end: (ctx: RequestContext, silence_id: string): Promise<RouteReply<"createSilence">> =>
      untilSettled(async () => {
        const before = await silenceOf(silence_id);
        if (before.ends_at !== undefined && before.ends_at <= ctx.now) return silenceView(before, ctx.now);
        const after = { ...before, ends_at: ctx.now, ttl: endOf(ctx.now) };
        await commit(ctx, [{ kind: "silence", before, after, events: [{ type: "monitor.silence_changed" }] }]);
        return silenceView(after, ctx.now);
      }),

    async list(ctx: RequestContext, query: RouteInput<"listSilences">["query"]): Promise<RouteReply<"listSilences">> {
      const { rows, cursor } = await store.page("silence", {}, query);
      return { items: rows.map((row) => silenceView(row, ctx.now)), next_cursor: cursor ?? null };
    },
  };

  async function silenceOf(silence_id: string): Promise<SilenceRow> {
    const row = isId("silence", silence_id) ? await store.get("silence", { silence_id }) : undefined;
    if (row === undefined) throw new Problem("silence.not_found", { detail: `There is no silence ${silence_id}.` });
    return row;
  }
}

/** A silence as it was asked for. It begins now, unless it says when; of what it says and nobody can read, nothing follows. */
function asked(given: Parts<NewSilence>, now: Instant) {
  const says = (name: string) => Object.hasOwn(given, name);
  return {
    matchers: given.matchers,
    recurring: given.recurring ?? (says("recurring") ? {} : undefined),
    starts_at: says("starts_at") ? (fromRfc3339(given.starts_at ?? "") ?? Number.NEGATIVE_INFINITY) : now,
    ends_at: says("ends_at") ? (fromRfc3339(given.ends_at ?? "") ?? Number.POSITIVE_INFINITY) : undefined,
  };
}

function refuseFaults(wanted: SilenceRow, now: Instant): void {
  const errors = issueFaults(silenceFaults(wanted, now));
  if (errors.length > 0) throw new Problem("request.invalid", { errors });
}
