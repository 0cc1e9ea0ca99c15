import { metrics } from "@omoios/contracts/metrics";
import type { PathKind } from "@omoios/contracts/path-param";
import type { Store } from "@omoios/domain/store";
import { type IdKind, isId } from "@omoios/kernel/ids";

/** What finds things by their names. */
type Named = Readonly<Record<Exclude<PathKind, IdKind | "metric">, (name: string) => Promise<unknown>>>;

/** Whether an id or a name names something, for the order of refusals; undefined where that cannot be told by it alone. */
export function existence(store: Store, named: Named) {
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
    // Known by its ticket alone: the verb says whether it is there.
    if (kind === "artifact") return undefined;
    return kind in named && (await named[kind as keyof Named](id)) !== undefined;
  };
}
