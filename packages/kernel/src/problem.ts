/** One fault of an input. `path` is a JSON Pointer into the body, or the name of a query parameter. */
export interface Fault {
  path: string;
  message: string;
}

export interface ProblemOptions {
  /** What happened, for the caller to read. Never a secret, never a stack. */
  detail?: string;
  errors?: Fault[];
  /** What the caller does about it, where that is not what the catalogue says for all problems of the code. */
  remedy?: string;
  /** Members that help the caller: `allowed`, `retry_after_ms`, `current_version`, `action`, … */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * The one error that a caller is meant to see. Its code names a row of the catalogue in `contracts/problems`, which gives status,
 * title and whether trying again can help. Anything else that is thrown is our own bug and answers 500.
 */
export class Problem extends Error {
  readonly code: string;
  readonly detail: string | undefined;
  readonly errors: Fault[] | undefined;
  readonly remedy: string | undefined;
  readonly extra: Record<string, unknown>;

  constructor(code: string, options: ProblemOptions = {}) {
    super(
      options.detail ? `${code}: ${options.detail}` : code,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.name = "Problem";
    this.code = code;
    this.detail = options.detail;
    this.errors = options.errors;
    this.remedy = options.remedy;
    this.extra = options.extra ?? {};
  }
}

/** Crashes the request when our own reasoning is wrong. The answer is a 500 without details. */
export function invariant(holds: unknown, message: string): asserts holds {
  if (!holds) throw new Error(`Invariant broken: ${message}`);
}

/** The default branch of an exhaustive switch. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
