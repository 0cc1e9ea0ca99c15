/** A pattern that AWS would refuse when its rule or filter is made. */
export class PatternError extends Error {
  override readonly name = "PatternError";

  /** @param path the field of the pattern, dotted; empty for the whole */
  constructor(path: string, reason: string) {
    super(`Event pattern is not valid. ${path === "" ? reason : `${path}: ${reason}`}`);
  }
}
