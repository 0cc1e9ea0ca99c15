import type { RouteInput } from "@omoios/contracts/routes";
import type { TicketId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import type { Page } from "../store.ts";
import type { ArtifactRow } from "./model.ts";
import type { TicketParts } from "./parts.ts";

type Parts = Pick<TicketParts, "store">;

/**
 * A ticket's artifact in its newest revision, or in the one that is asked for; throws `artifact.not_found`. It is looked for among the
 * ticket's artifacts, which costs what a judgement of the gate does.
 */
export async function artifactOf(
  parts: Parts,
  ticket_id: TicketId,
  artifact_id: string,
  revision?: number | undefined,
): Promise<ArtifactRow> {
  const newest = await newestOf(parts, ticket_id, artifact_id);
  if (revision === undefined || revision === newest?.revision) return found(newest, artifact_id);
  const { type, path_hash } = found(newest, artifact_id);
  const earlier = await parts.store.get("artifact_revision", { ticket_id, type, path_hash, revision });
  return found(earlier, `${artifact_id} in revision ${revision}`);
}

/** The revisions before the newest, the latest first. */
export async function earlierRevisions(
  parts: Parts,
  ticket_id: TicketId,
  artifact_id: string,
  page: RouteInput<"listArtifactRevisions">["query"],
): Promise<Page<ArtifactRow>> {
  const { type, path_hash } = found(await newestOf(parts, ticket_id, artifact_id), artifact_id);
  return parts.store.page("artifact_revision", { ticket_id, type, path_hash }, { ...page, newest_first: true });
}

async function newestOf({ store }: Parts, ticket_id: TicketId, artifact_id: string): Promise<ArtifactRow | undefined> {
  let cursor: string | undefined;
  do {
    const page = await store.page("artifact", { ticket_id }, { cursor });
    const row = page.rows.find((one) => one.artifact_id === artifact_id);
    if (row !== undefined) return row;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return undefined;
}

function found(row: ArtifactRow | undefined, what: string): ArtifactRow {
  if (row === undefined) throw new Problem("artifact.not_found", { detail: `The ticket has no artifact ${what}.` });
  return row;
}
