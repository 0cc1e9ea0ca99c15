/**
 * Which of a batch's items a handler reported as failed (`batchItemFailures`), read as Lambda reads it: nothing reported is a full
 * success, and an identifier that names no item of the batch fails them all.
 */
export function failedItems(result: unknown, identifiers: readonly string[]): ReadonlySet<string> {
  const failures = member(result, "batchItemFailures");
  if (!Array.isArray(failures) || failures.length === 0) return new Set();
  const known = new Set(identifiers);
  const failed = new Set<string>();
  for (const failure of failures as unknown[]) {
    const identifier = member(failure, "itemIdentifier");
    if (typeof identifier !== "string" || !known.has(identifier)) return known;
    failed.add(identifier);
  }
  return failed;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
