import { startDatabase } from "@omoios/simulation/database";
import { MUTATIONS, type MutationName } from "./mutations.ts";
import { type Outcome, simulate } from "./simulate.ts";

/** What a worker is asked for, one at a time. */
export interface Order {
  seed: number;
  mutation?: MutationName | undefined;
}

/** What it answers; `failed` is a fault of the simulation itself. */
export type Reply = { outcome: Outcome } | { failed: string };

/** Runs the seeds that its parent sends, until the parent goes. */
async function work(): Promise<void> {
  const database = startDatabase();
  process.on("disconnect", () => void database.stop().then(() => process.exit(0)));
  process.on("message", ({ seed, mutation }: Order) => {
    const changed = mutation === undefined ? {} : MUTATIONS[mutation];
    simulate(database, seed, changed).then(
      (outcome) => process.send?.({ outcome } satisfies Reply),
      (error: unknown) => {
        const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
        process.send?.({ failed } satisfies Reply);
      },
    );
  });
  process.send?.("ready");
}

await work();
