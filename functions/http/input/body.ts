import { bodyLimit, MAX_BODY_BYTES, type Route } from "@omoios/contracts/routes/route";
import { wellFormed } from "@omoios/domain/config/well-formed";
import { once } from "@omoios/kernel/once";
import { type Fault, Problem } from "@omoios/kernel/problem";
import * as z from "zod";
import { jsonPointer, MAX_FAULTS, schemaFaults } from "./faults.ts";
import { structureFaults } from "./structure.ts";

const noBody = () => z.strictObject({}).optional();
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A request's body: as JSON, and as the row's schema made it. */
export interface ReadBody {
  sent: unknown;
  body: unknown;
}

/** Judges what has its shape of a body that has faults. */
export type Judge = (readable: unknown) => Promise<readonly Fault[]>;

/**
 * Reads bodies for one row. Throws `request.too_large`, `request.bad_json` or `request.invalid` with the place of each fault, and with
 * what the judge finds beside them.
 */
export function bodyReader(row: Route): (request: Request, judge?: Judge) => Promise<ReadBody> {
  const schema = once(row.body ?? noBody);
  const limit = row.max_body_bytes ?? MAX_BODY_BYTES;
  return async (request, judge) => {
    const bytes = await readBytes(request, row, limit);
    if (bytes.length === 0) {
      // An empty body stands for one without members, where that is enough.
      const whenEmpty = [undefined, {}].map((sent) => ({ sent, parsed: schema().safeParse(sent) }));
      const empty = whenEmpty.find(({ parsed }) => parsed.success);
      if (!empty) throw new Problem("request.bad_json", { detail: "The body is empty." });
      return { sent: empty.sent, body: empty.parsed.data };
    }
    const sent = parseJson(bytes);
    const broken = structureFaults(sent, jsonPointer);
    if (broken.length > 0) throw new Problem("request.invalid", { errors: broken });
    const parsed = schema().safeParse(sent);
    if (parsed.success) return { sent, body: parsed.data };
    const errors = schemaFaults(parsed.error, sent, jsonPointer);
    const more = (await judge?.(wellFormed(schema(), sent))) ?? [];
    throw new Problem("request.invalid", { errors: [...errors, ...more].slice(0, MAX_FAULTS) });
  };
}

async function readBytes(request: Request, row: Route, limit: number): Promise<Uint8Array> {
  const tooLarge = (): Problem =>
    new Problem("request.too_large", {
      detail: `This route takes bodies of at most ${bodyLimit(row)} (${limit} bytes).`,
      extra: { max_body_bytes: limit },
    });
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const bytes = new Uint8Array(await request.arrayBuffer());
  if (bytes.length > limit) throw tooLarge();
  return bytes;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw new Problem("request.bad_json", { detail: cause instanceof Error ? cause.message : String(cause), cause });
  }
}
