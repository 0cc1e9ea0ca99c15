import { metrics } from "@omoios/contracts/metrics";
import type { PathKind } from "@omoios/contracts/path-param";
import type { Store } from "@omoios/domain/store";
import { isId } from "@omoios/kernel/ids";

interface Known {
  store: Store;
  workflows: { has(name: string): boolean };
}

/** What the rooms that watch know by a name; `undefined` where there is nothing. */
interface Watched {
  rule(name: string): Promise<unknown>;
  receiver(name: string): Promise<unknown>;
}

/** Whether an id or a name names something, for the order of refusals; undefined where that cannot be told by it alone. */
export function existence({ store, workflows }: Known, watched: Watched) {
  return async (kind: PathKind, id: string): Promise<boolean | undefined> => {
    if (kind === "ticket" && isId(kind, id)) return (await store.get("ticket", { ticket_id: id })) !== undefined;
    if (kind === "task" && isId(kind, id)) return (await store.get("task", { task_id: id })) !== undefined;
    if (kind === "agent" && isId(kind, id)) return (await store.get("agent", { agent_id: id })) !== undefined;
    if (kind === "deadLetter" && isId(kind, id))
      return (await store.get("dead_letter", { dead_letter_id: id })) !== undefined;
    if (kind === "alert" && isId(kind, id))
      return (await store.get("alert_occurrence", { alert_id: id })) !== undefined;
    if (kind === "notification" && isId(kind, id))
      return (await store.get("undelivered", { notification_id: id })) !== undefined;
    if (kind === "silence" && isId(kind, id)) return (await store.get("silence", { silence_id: id })) !== undefined;
    if (kind === "remediation" && isId(kind, id))
      return (await store.get("remediation", { remediation_id: id })) !== undefined;
    if (kind === "intervention" && isId(kind, id))
      return (await store.get("intervention", { action_id: id })) !== undefined;
    if (kind === "apiKey" && isId(kind, id)) return (await store.get("api_key", { key_id: id })) !== undefined;
    if (kind === "metric") return Object.hasOwn(metrics, id);
    if (kind === "workflow") return workflows.has(id);
    if (kind === "alertRule") return (await watched.rule(id)) !== undefined;
    if (kind === "receiver") return (await watched.receiver(id)) !== undefined;
    // Known by its ticket alone: the verb says whether it is there.
    if (kind === "artifact") return undefined;
    return false;
  };
}
