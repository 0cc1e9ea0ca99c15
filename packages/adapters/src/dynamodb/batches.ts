import { inTurn } from "@omoios/domain/in-turn";
import { piecesOf } from "@omoios/kernel/pieces";
import type { Tables } from "./client.ts";

/** With the waits between them, seconds: then whoever asked fails as throttled, and its message or caller comes again. */
const TRIES = 8;
const WAIT_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** Sent after the last try; what DynamoDB throws itself where it leaves over all of a request. */
class LeftOver extends Error {
  override readonly name = "ThrottlingException";
}

/**
 * Sends items in batches, some side by side, and again what a batch leaves over. Throws as throttled when something is left after the
 * last try.
 * @param send gives what the table did not take
 */
export async function inBatches<T>(
  tables: Pick<Tables, "sleep">,
  items: readonly T[],
  size: number,
  send: (batch: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  await inTurn(piecesOf(items, size), async (batch) => {
    let left: readonly T[] = batch;
    for (let tries = 0; left.length > 0; tries++) {
      if (tries === TRIES)
        throw new LeftOver(`The table left over ${left.length} of ${batch.length} items, ${TRIES} times`);
      if (tries > 0) await tables.sleep(Math.min(WAIT_MS * 2 ** tries, LONGEST_WAIT_MS));
      left = await send(left);
    }
  });
}
