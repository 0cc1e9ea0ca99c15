import { ID_PREFIX, type Id, type IdKind, isId } from "@omoios/kernel/ids";
import * as z from "zod";

/** An id of one kind, checked by its shape. In a path, an id of another shape is a 404 and not a fault of the input. */
export const idOf = <K extends IdKind>(kind: K) =>
  z
    .custom<Id<K>>((value) => typeof value === "string" && isId(kind, value), {
      error: `must be the id of ${articled(kind)}: ${ID_PREFIX[kind]}…`,
    })
    // What OpenAPI says of it: a custom check has no JSON Schema of its own.
    .meta({
      type: "string",
      pattern: `^${ID_PREFIX[kind]}`,
      description: `the id of ${articled(kind)}: ${ID_PREFIX[kind]}…`,
    });

/** `a task`, `an agent`. */
export const articled = (noun: string): string => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;

/** RFC 3339, UTC in answers; any offset in requests. */
export const time = z.iso.datetime({ offset: true, error: "must be a time with its offset: 2026-01-05T10:00:00Z" });
export const title = z.string().trim().min(1).max(200);
export const longText = z.string().max(50_000);
export const reason = z.string().trim().min(1).max(1_000);
export const label = z.string().trim().min(1).max(100);

/** A phase's id as a workflow defines it. Whether the workflow has it is judged by the verb. */
export const phaseId = z
  .string()
  .regex(/^PHASE_[A-Z0-9_]{1,40}$/, "must be PHASE_ and at most 40 capital letters, digits and _");

/** A free word for something an agent can do, trimmed and lower-cased: `lang:go`, `terraform`. */
export const capability = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9+.#:_-]{1,40}$/, "must be 1 to 40 of a-z 0-9 + . # : _ -");

export const PRIORITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const;
export const priority = z.enum(PRIORITIES);
export type Priority = z.infer<typeof priority>;

/** The number under which an agent holds a task. It rises with each claim and each loss. */
export const fence = z.int().min(1);

/** Any JSON value. */
export const json: z.ZodType<unknown> = z.unknown();

/** Paging of lists: 50 by default, more than 100 is cut to 100. */
export const paging = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(50)
    .transform((n) => Math.min(n, 100))
    .describe("How many at most, and never more than 100; a page may hold fewer while `next_cursor` is not null."),
  cursor: z.string().min(1).max(2_000).optional(),
};

/** A page of a list. `next_cursor` is null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });

/** A boolean as a query writes it. */
export const flag = z.enum(["true", "false"]).transform((word) => word === "true");
