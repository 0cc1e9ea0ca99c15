import { createHash } from "node:crypto";

/** What happened, in order: the same seed gives the same hash. */
export interface Trace {
  note(line: string): void;
  hash(): string;
}

/** @param print also shows each line */
export function trace(print?: (line: string) => void): Trace {
  const sum = createHash("sha256");
  return {
    note(line) {
      sum.update(line).update("\n");
      print?.(line);
    },
    hash: () => sum.copy().digest("hex").slice(0, 16),
  };
}
