import * as z from "zod";
import { artifactType } from "../shapes/artifact.ts";
import { idOf, time } from "../shapes/common.ts";

export const artifact = z.object({
  artifact_id: idOf("artifact"),
  ticket_id: idOf("ticket"),
  task_id: idOf("task").nullable(),
  type: artifactType,
  path: z.string().nullable(),
  url: z.string().nullable(),
  content: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()),
  revision: z.int(),
  phase_id: z.string(),
  visit: z.int(),
  created_by: z.string(),
  created_at: time,
});

/** Without its content, of which it has the length in characters; null where it has none. */
export const artifactRevision = artifact.omit({ content: true }).extend({ content_characters: z.int().nullable() });

export type Artifact = z.infer<typeof artifact>;
