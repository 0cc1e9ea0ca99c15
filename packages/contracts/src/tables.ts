import type { TableRow } from "./topology-types.ts";

/** ElectroDB marks each item with its entity and that entity's version; an index must carry both. */
const OWNERSHIP = ["__edb_e__", "__edb_v__"] as const;

/** Every table has the string keys `pk` and `sk`. */
export const tables = [
  {
    name: "state",
    purpose: "What the plane decides about; every change of it is an event",
    stream: true,
    ttl: "ttl",
    indexes: [
      {
        name: "ready",
        partition: { field: "ready_lane", type: "S" },
        sort: { field: "virtual_start", type: "N" },
        projects: [...OWNERSHIP, "task_id", "fence", "timeout_seconds", "released"],
      },
      {
        name: "due",
        partition: { field: "due_bucket", type: "S" },
        sort: { field: "due_at", type: "N" },
        projects: [...OWNERSHIP],
      },
      {
        name: "list",
        partition: { field: "list", type: "S" },
        sort: { field: "list_at", type: "S" },
        projects: [...OWNERSHIP],
      },
    ],
  },
  {
    name: "pulse",
    purpose:
      "What is written often and nobody reacts to, and what expires: heartbeats, hints, the event log, idempotency keys",
    stream: false,
    ttl: "ttl",
    indexes: [],
  },
] as const satisfies readonly TableRow[];
