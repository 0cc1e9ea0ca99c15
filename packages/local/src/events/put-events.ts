import type { PutEventsRequestEntry, PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import type { BusEvent } from "./rules.ts";

const ENTRIES_AT_MOST = 10;
const BYTES_AT_MOST = 256 * 1024;

/** What EventBridge refuses a whole request for. */
export class RequestRefused extends Error {
  override readonly name = "ValidationException";
}

/** An entry as it travels, in JSON: the SDK writes its time in seconds since the epoch. */
export type Entry = Omit<PutEventsRequestEntry, "Time"> & { Time?: number };

/** The entries of a request. @throws RequestRefused for more than 10 of them, none, or more than 256 KB in sum. */
export function readEntries(body: unknown): Entry[] {
  const entries = typeof body === "object" && body !== null && "Entries" in body ? body.Entries : undefined;
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > ENTRIES_AT_MOST) {
    throw new RequestRefused(
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${ENTRIES_AT_MOST}`,
    );
  }
  const size = (entries as Entry[]).reduce((sum, entry) => sum + sizeBytes(entry), 0);
  if (size > BYTES_AT_MOST) {
    throw new RequestRefused(`Total size of the entries in the request is over the limit of ${BYTES_AT_MOST} bytes.`);
  }
  return entries as Entry[];
}

/** The bus that an entry is for which names none, on which AWS itself tells what happens. */
export const DEFAULT_BUS = "default";

export type Judged =
  | { event: BusEvent; bus: string }
  | { failure: Required<Pick<PutEventsResultEntry, "ErrorCode" | "ErrorMessage">> };

export interface Origin {
  id: string;
  account: string;
  region: string;
  /** The names of the buses that there are. */
  buses: readonly string[];
  /** Milliseconds since the epoch, for entries without a time. */
  now: number;
}

/** The event of an entry, or why EventBridge would not take it. One bad entry does not refuse its neighbours. */
export function readEntry(entry: Entry, origin: Origin): Judged {
  for (const name of ["Source", "DetailType", "Detail"] as const) {
    if (!entry[name])
      return failure("InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
  }
  const named = entry.EventBusName ?? DEFAULT_BUS;
  const bus = origin.buses.find((name) => named === name || named.endsWith(`:event-bus/${name}`));
  if (bus === undefined) {
    return failure("ResourceNotFoundException", `Event bus ${named} does not exist.`);
  }
  const detail = parseObject(entry.Detail ?? "");
  if (detail === undefined) return failure("MalformedDetail", "Detail is malformed.");
  const time = new Date(entry.Time === undefined ? origin.now : entry.Time * 1000);
  return {
    bus,
    event: {
      version: "0",
      id: origin.id,
      "detail-type": entry.DetailType ?? "",
      source: entry.Source ?? "",
      account: origin.account,
      time: `${time.toISOString().slice(0, 19)}Z`,
      region: origin.region,
      resources: entry.Resources ?? [],
      detail,
    },
  };
}

const failure = (ErrorCode: string, ErrorMessage: string): Judged => ({ failure: { ErrorCode, ErrorMessage } });

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    // Not JSON: the caller answers with the entry's own error.
    return undefined;
  }
}

/** As EventBridge counts: 14 bytes for a time, and the UTF-8 length of source, type, detail and resources. */
function sizeBytes(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), entry.Time === undefined ? 0 : 14);
}
