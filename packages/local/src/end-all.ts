/**
 * Ends what was started, the newest first, each whatever came of the others.
 * @param started emptied, so that a second call ends nothing twice
 * @throws AggregateError of what did not end
 */
export async function endAll(started: (() => unknown)[]): Promise<void> {
  const failed: unknown[] = [];
  for (let end = started.pop(); end !== undefined; end = started.pop()) {
    try {
      await end();
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw new AggregateError(failed, `Not all of it ended: ${failed.map(String).join("; ")}`);
}
