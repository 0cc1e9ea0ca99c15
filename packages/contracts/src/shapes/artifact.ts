import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { jsonBytes } from "./size.ts";

/** Larger contents are refused with the advice to hand in a URL. */
export const MAX_CONTENT_BYTES = 100 * 1024;

const MAX_METADATA_BYTES = 20 * 1024;

export const artifactType = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, "must be snake_case, at most 60 characters");

/** What an agent hands in as proof. Its identity is (type, path): handed in again, it is a new revision. */
const artifactInput = once(() =>
  z
    .strictObject({
      type: artifactType,
      path: z.string().trim().min(1).max(500).optional(),
      url: z.url("must be a URL with its scheme: https://…").max(2_000).optional(),
      content: z.string().optional(),
      metadata: z.record(z.string().max(100), z.unknown()).optional(),
    })
    .refine((given) => given.path !== undefined || given.url !== undefined || given.content !== undefined, {
      message: "needs one of path, url, content",
    })
    .refine((given) => new TextEncoder().encode(given.content ?? "").length <= MAX_CONTENT_BYTES, {
      path: ["content"],
      message: "is larger than 100 KB: store it elsewhere and hand in its url",
    })
    .refine((given) => jsonBytes(given.metadata ?? {}) <= MAX_METADATA_BYTES, {
      path: ["metadata"],
      message: "is larger than 20 KB: store it elsewhere and hand in its url",
    }),
);
export type ArtifactInput = z.infer<ReturnType<typeof artifactInput>>;

export const artifactInputs = once(() => z.array(artifactInput()).max(20));
