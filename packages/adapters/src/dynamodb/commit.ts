import { randomUUID } from "node:crypto";
import { DeleteCommand, PutCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type Change, type Commit, type CommitOptions, type RequestContext, Stale } from "@omoios/domain/commit";
import type { Row } from "@omoios/domain/rows";
import { backoffMs } from "@omoios/kernel/backoff";
import type { Tables } from "./client.ts";
import { refusalOf } from "./errors.ts";
import { fittedEvents } from "./fit-events.ts";
import { sealOf } from "./idempotency.ts";
import { packEvents } from "./out.ts";
import { guardOf, lowerOf, type Write, writeOf } from "./write.ts";

const CONFLICT = { base_ms: 10, cap_ms: 400, jitter: 0.5 };
const CONFLICT_TRIES = 9;

/** The one door for change, over DynamoDB: see `Commit`. */
export function commitTo(tables: Tables, idempotencyHours: number): Commit {
  return async (ctx, changes, options = {}) => {
    const writes = changes.map((change) =>
      writeOf(change, packEvents(ctx, fittedEvents(ctx, change)), tables.state, ctx.now),
    );
    writes.push(...extraWrites(ctx, options, tables, idempotencyHours));
    // One token for all tries: of a transaction whose answer was lost, the try after it is told that it is done, also after a conflict.
    const token = randomUUID();
    await withoutConflicts(tables, ctx, describe(changes), () => send(tables, writes, token));
    if (ctx.idempotency !== undefined && options.made !== undefined) ctx.idempotency.sealed = true;
    return changes.map(written);
  };
}

/** Runs a write again while others' transactions are in its way; a failed condition becomes `Stale`. Other errors are thrown as they are. */
export async function withoutConflicts<T>(
  tables: Tables,
  ctx: RequestContext,
  what: string,
  write: () => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await write();
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === "condition") throw new Stale(what);
      if (refusal === "other" || tries + 1 >= CONFLICT_TRIES) throw error;
      await tables.sleep(backoffMs(CONFLICT, tries, ctx.random));
    }
  }
}

function extraWrites(ctx: RequestContext, options: CommitOptions, tables: Tables, hours: number): Write[] {
  const writes = (options.guards ?? []).map((guard) => guardOf(guard, tables.state));
  if (options.lowers !== undefined) writes.push(lowerOf(options.lowers, tables.state));
  if (ctx.idempotency !== undefined && options.made !== undefined)
    writes.push(sealOf(ctx.idempotency, options.made, ctx.now, hours, tables.pulse));
  return writes;
}

async function send({ client }: Tables, writes: Write[], token: string): Promise<void> {
  const [only] = writes;
  if (writes.length === 1 && only?.Put) await client.send(new PutCommand(only.Put));
  else if (writes.length === 1 && only?.Update)
    await client.send(new UpdateCommand(only.Update as UpdateCommand["input"]));
  else if (writes.length === 1 && only?.Delete) await client.send(new DeleteCommand(only.Delete));
  else await client.send(new TransactWriteCommand({ TransactItems: writes, ClientRequestToken: token }));
}

function written(change: Change): Row {
  const { before, after } = change as { before?: Row; after?: Row };
  const row = after ?? before;
  if (row === undefined) throw new Error(`A change of ${change.kind} has neither before nor after`);
  return { ...row, version: after === undefined ? row.version : (before?.version ?? 0) + 1 };
}

function describe(changes: readonly Change[]): string {
  return [...new Set(changes.map((change) => change.kind))].join(", ");
}
