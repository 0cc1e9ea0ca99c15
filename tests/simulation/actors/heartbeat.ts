import { checksumOf, type Heartbeat } from "@omoios/domain/agents/heartbeat";
import { toRfc3339 } from "@omoios/kernel/clock";
import type { TaskId } from "@omoios/kernel/ids";

/** A beat, with what the agent believes of the time. */
export function heartbeatOf(
  sequence_number: number,
  held: readonly TaskId[],
  believes: number,
  next_by?: string,
): Heartbeat {
  const body: Heartbeat = {
    sequence_number,
    status: held.length > 0 ? "RUNNING" : "IDLE",
    current_task_ids: [...held],
    health_metrics: { last_error_at: toRfc3339(believes) },
    ...(next_by === undefined ? {} : { next_by }),
    checksum: "",
  };
  return { ...body, checksum: checksumOf(body) };
}
