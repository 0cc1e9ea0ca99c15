import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { type ArtifactInput, artifactInputs, MAX_CONTENT_BYTES } from "./artifact.ts";
import { jsonBytes } from "./size.ts";

export const TASK_STATUSES = [
  "pending",
  "ready",
  "assigned",
  "running",
  "waiting",
  "completed",
  "failed",
  "cancelled",
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export const ERROR_KINDS = ["permanent", "retryable", "timeout", "lease_lost"] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];
export const FAILURES = ["permanent", "exhausted", "timed_out"] as const;
export type Failure = (typeof FAILURES)[number];
export const PENDING_REASONS = ["dependencies", "backoff", "budget"] as const;
export type PendingReason = (typeof PENDING_REASONS)[number];
export const ATTEMPT_OUTCOMES = [
  "running",
  "completed",
  "failed",
  "timed_out",
  "lease_lost",
  "released",
  "cancelled",
  "orphan",
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** What an agent that takes over should know. */
export const handoff = once(() =>
  z
    .strictObject({
      done: z.array(z.string().max(2_000)).max(50).optional(),
      remaining: z.array(z.string().max(2_000)).max(50).optional(),
      decisions: z.array(z.string().max(2_000)).max(50).optional(),
      failed_approaches: z.array(z.string().max(2_000)).max(50).optional(),
      files: z.array(z.string().max(500)).max(200).optional(),
      commands: z.array(z.string().max(2_000)).max(50).optional(),
      open_questions: z.array(z.string().max(2_000)).max(50).optional(),
    })
    .refine((given) => jsonBytes(given) <= MAX_CONTENT_BYTES, {
      message: "is larger than 100 KB: say the rest in an artifact with a url",
    }),
);
export type Handoff = z.infer<ReturnType<typeof handoff>>;

/** Larger outputs are refused with the advice to hand in a URL. */
const output = z.unknown().refine((value) => jsonBytes(value) <= MAX_CONTENT_BYTES, {
  message: "is larger than 100 KB: hand it in as an artifact with a url",
});

export const taskResult = once(() =>
  z.strictObject({
    success: z.boolean(),
    output: output.optional(),
    artifacts: artifactInputs().optional(),
    metrics: z.record(z.string().max(100), z.number()).optional(),
    handoff: handoff().optional(),
    discoveries: z.array(z.unknown()).max(50).optional(),
  }),
);
/**
 * All of a result but its artifacts' contents is one row of the store, which takes 400 KB: as much as this, since a list of digits takes
 * half as much again there as in JSON.
 */
const MAX_RESULT_BYTES = 240 * 1024;

/** Holds a result to what one row takes. */
export const storable = <T extends z.ZodType<{ artifacts?: ArtifactInput[] | undefined }>>(result: T) =>
  result.refine(
    ({ artifacts = [], ...said }) =>
      jsonBytes([said, artifacts.map(({ content: _content, ...named }) => named)]) <= MAX_RESULT_BYTES,
    { message: "is larger than 240 KB, artifacts' contents not counted: hand in what is large as artifacts" },
  );
