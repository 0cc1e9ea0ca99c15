/**
 * A reporter of node:test that writes one JSON document: the same on every version of Node.
 * @param {AsyncIterable<{type: string, data: any}>} events
 * @public Node loads it by its path.
 */
export default async function* report(events) {
  /** @type {{passed: number, failures: {name: string, message: string}[], coverage: {path: string, lines: number, covered: number}[]}} */
  const result = { passed: 0, failures: [], coverage: [] };
  for await (const { type, data } of events) {
    if (type === "test:pass" && data.details.type !== "suite") result.passed += 1;
    if (type === "test:fail" && data.details.type !== "suite") {
      const { error } = data.details;
      result.failures.push({ name: data.name, message: String(error?.cause?.message ?? error?.message ?? error) });
    }
    if (type === "test:coverage") {
      for (const { path, totalLineCount, coveredLineCount } of data.summary.files) {
        result.coverage.push({ path, lines: totalLineCount, covered: coveredLineCount });
      }
    }
  }
  yield JSON.stringify(result);
}
