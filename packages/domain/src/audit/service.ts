import { type Envelope, EVENT_SOURCE } from "@omoios/contracts/events";
import type { Limits } from "@omoios/contracts/limits";
import { type Clock, type Instant, toRfc3339 } from "@omoios/kernel/clock";
import { newId } from "@omoios/kernel/ids";
import type { Commit, RequestContext } from "../commit.ts";
import { unlessStale } from "../decide.ts";
import type { Positions, Store } from "../store.ts";
import { orderOf, SETTLED_MS } from "./chain.ts";
import { exportPart } from "./export.ts";
import { type Exported, type ExportSealedParts, exportSealed } from "./export-sealed.ts";
import { type AuditFilter, listAudit, type Place } from "./list.ts";
import type { AuditKeys, LogPage } from "./model.ts";
import type { AuditBook, Bucket, LogWriter, RefusalCounts } from "./ports.ts";
import { KNOWN_ROOTS, nextRoot } from "./seal.ts";

export interface AuditParts {
  store: Store;
  commit: Commit;
  book: AuditBook;
  writer: LogWriter;
  counts: RefusalCounts;
  keys: AuditKeys;
  positions: Positions;
  clock: Clock;
  /** Where what is sealed is exported to; null where it is not. */
  bucket: () => Bucket | null;
  notice: ExportSealedParts["notice"];
  stage: string;
  limits: Limits;
}

/** What a refused call was about. */
export interface Refusal {
  route: string;
  code: string;
  status: number;
  request_id: string;
  /** The thing that its path names, if it names one. */
  subject: { kind: string; id: string };
  reason: string | undefined;
}

const MINUTE_MS = 60_000;
export type Audit = ReturnType<typeof auditService>;

/** The verbs of the audit: what happened, what was refused, and whether it still says so. */
export function auditService(parts: AuditParts) {
  const { store, book, keys, limits } = parts;
  const retention_days = limits.retention_days.events;

  return {
    /** Keeps that a known principal was refused. */
    async refused(ctx: RequestContext, { route, code, status, request_id, subject, reason }: Refusal): Promise<void> {
      const event: Envelope = {
        id: `${newId("request", ctx.random)}#0#0`,
        type: "access.refused",
        version: 1,
        time: toRfc3339(ctx.now),
        source: EVENT_SOURCE,
        subject,
        actor: ctx.actor,
        correlation_id: request_id,
        causation_id: null,
        traceparent: ctx.traceparent ?? null,
        data: { route, code, status, ...(reason === undefined ? {} : { reason }) },
      };
      const list = await parts.writer.keep([{ event }], "refusals");
      await list();
    },

    /** Counts that somebody unknown was refused. */
    refusedUnknown: (ctx: RequestContext, code: string): Promise<void> => parts.counts.add(code, ctx.now),

    list: (filter: AuditFilter, limit: number, place: Place | undefined) => listAudit(book, filter, limit, place),
    records: (ctx: RequestContext, place: Place | undefined) =>
      exportPart({ ...parts, retention_days }, ctx.now, place),

    /** Seals what was added to the chains, and turns counts of past minutes into entries. */
    async seal(ctx: RequestContext): Promise<void> {
      await entryOfCounts(ctx);
      const { rows: roots } = await store.page("audit_root", {}, { limit: KNOWN_ROOTS, newest_first: true });
      const sealedUpTo = Math.floor((roots[0]?.sealed_at ?? 0) / MINUTE_MS) * MINUTE_MS;
      const pages: LogPage[] = [];
      const range = { after: orderOf(Math.max(0, sealedUpTo - 3 * MINUTE_MS)), before: orderOf(ctx.now - SETTLED_MS) };
      for await (const page of book.pages(range)) pages.push(page);
      // A stage at rest asks for no key: at a cold start that is a request to where the keys lie.
      if (pages.length === 0) return;
      const root = nextRoot(pages, roots, await keys.newest(), ctx.now, retention_days);
      if (root === undefined) return;
      // Where it is stale another sweep has sealed this.
      await unlessStale(() => parts.commit(ctx, [{ kind: "audit_root", after: root }]));
    },

    /** Writes what is sealed into the bucket, if there is one, until the time is over. */
    async exportSealed(ctx: RequestContext, until: Instant): Promise<Exported> {
      const bucket = parts.bucket();
      if (bucket === null) return { objects: 0, entries: 0 };
      return exportSealed({ ...parts, bucket, retention_days }, ctx, until);
    },

    keys: () => keys.all(),
  };

  async function entryOfCounts(ctx: RequestContext): Promise<void> {
    for (const counted of await parts.counts.past(ctx.now)) {
      const { minute, code, count } = counted;
      const event: Envelope = {
        // The same count again is the same entry.
        id: `refusals.${minute}.${code}#${count}#0`,
        type: "access.refused",
        version: 1,
        time: toRfc3339((minute + 1) * MINUTE_MS),
        source: EVENT_SOURCE,
        subject: { kind: "plane", id: `refusals.${minute}.${code}` },
        actor: { kind: "system", id: "unknown", authority: "WORKER" },
        correlation_id: ctx.correlation_id,
        causation_id: null,
        traceparent: null,
        data: { code, count },
      };
      const list = await parts.writer.keep([{ event }], "refusals");
      await list();
      await parts.counts.forget(counted);
    }
  }
}
