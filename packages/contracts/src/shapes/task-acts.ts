import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { artifactInputs } from "./artifact.ts";
import { fence, longText, priority, reason, time, title } from "./common.ts";
import { handoff, storable, taskResult } from "./task.ts";

export const claim = once(() =>
  z.strictObject({
    max: z.int().min(1).max(10).optional(),
    wait_ms: z.int().min(0).max(5_000).optional(),
    acked: z.int().min(0).optional(),
  }),
);

export const progress = once(() =>
  z.strictObject({
    fence,
    note: z
      .string()
      .max(2_000)
      .meta({
        description:
          "What the agent is at. It rides in `task.progressed`, at most one a minute, cut with … to some 180 bytes or what room the task's row has",
      })
      .optional(),
    percent: z.number().min(0).max(100).optional(),
    event_hash: z
      .string()
      .max(128)
      .meta({
        description: "Names what the agent just did: one of the last four again, with nothing changed, is no progress",
      })
      .optional(),
    usage: z
      .record(z.string().max(100), z.number())
      .meta({
        description: "What was used since the last call. `total_tokens`, or `tokens`, or all `..._tokens` count",
      })
      .optional(),
    artifacts: artifactInputs().optional(),
  }),
);

/** The assignment that a webhook told of. */
export const accept = once(() => z.strictObject({ fence }));

export const complete = once(() => z.strictObject({ fence, result: storable(taskResult()) }));
export const fail = once(() =>
  z.strictObject({
    fence,
    error: z.strictObject({
      message: z.string().trim().min(1).max(10_000),
      kind: z.string().max(60).optional(),
      retryable: z.boolean().optional(),
    }),
    handoff: handoff().optional(),
  }),
);
export const release = once(() => z.strictObject({ fence, reason, handoff: handoff().optional() }));
export const handInArtifacts = once(() => z.strictObject({ fence, artifacts: artifactInputs().min(1) }));
export const wait = once(() =>
  z.strictObject({ fence, question: z.string().max(4_000).optional(), until: time.optional() }),
);
export const resume = once(() => z.strictObject({ answer: z.string().max(4_000).optional() }));
export const withReason = once(() => z.strictObject({ reason }));
/** What is null is removed. */
export const patchTask = once(() =>
  z.strictObject({
    priority: priority.optional(),
    deadline_at: time.nullable().optional(),
    title: title.optional(),
    description: longText.nullable().optional(),
  }),
);
