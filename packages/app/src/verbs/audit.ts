import { readCursor, writeCursor } from "@omoios/adapters/dynamodb/store";
import type { Place } from "@omoios/domain/audit/list";
import type { Audit } from "@omoios/domain/audit/service";
import { fromRfc3339 } from "@omoios/kernel/clock";
import type { Verbs } from "../verbs.ts";

const LIST = "audit";
const EXPORT = "audit-records";

/** What answers the routes of the audit. */
export function auditVerbs(audit: Audit): Pick<Verbs, "listAudit" | "exportAudit" | "listAuditKeys"> {
  return {
    async listAudit(_ctx, { query }) {
      const { limit, cursor, from, to, ...filter } = query;
      const moment = (text: string | undefined) => (text === undefined ? undefined : fromRfc3339(text));
      const place = cursor === undefined ? undefined : (readCursor(cursor, LIST) as Place);
      const { items, next } = await audit.list({ ...filter, from: moment(from), to: moment(to) }, limit, place);
      return { items, next_cursor: next === undefined ? null : writeCursor(next, LIST) };
    },
    async exportAudit(ctx, { query: { cursor } }) {
      const place = cursor === undefined ? undefined : (readCursor(cursor, EXPORT) as Place);
      const { items, next } = await audit.records(ctx, place);
      return { items, next_cursor: next === undefined ? null : writeCursor(next, EXPORT) };
    },
    async listAuditKeys() {
      const keys = await audit.keys();
      const items = keys.map(({ kid, secret }) => ({ kid, secret: Buffer.from(secret).toString("base64url") }));
      return { items, next_cursor: null };
    },
  };
}
