import { placeOfEntry, timeOfOrder } from "@omoios/domain/audit/chain";
import type { PageKind } from "@omoios/domain/audit/model";
import type { Key } from "./rows.ts";

const MINUTE_MS = 60_000;
const PARTITIONS = { events: "log", refusals: "refused" } as const satisfies Record<PageKind, string>;

/** The minutes that hold pages: a partition with a row each. */
export const MINUTES = "log-minutes";

/** The partition of what happened to a subject, or of what was refused about it. */
export const partitionOfSubject = (of: PageKind, subject: string): string => `${PARTITIONS[of]}#${subject}`;

/** The table key of an entry, by what a page calls it. */
export function keyOfListed(of: PageKind, key: string): Key {
  const { subject, place } = placeOfEntry(key);
  return { pk: partitionOfSubject(of, subject), sk: place };
}

/** The partition of the pages that were listed in a minute. */
export const partitionOfMinute = (minute: number): string => `log-pages#${minute}`;

export const minuteOfOrder = (order: string): number => Math.floor(timeOfOrder(order) / MINUTE_MS);
export const sortKeyOfMinute = (minute: number): string => String(minute).padStart(10, "0");
