import { Problem, type ProblemOptions } from "./problem.ts";

/** What a pure decision answers: the next state, or the reason why not. */
export type Outcome<T> = { accepted: true; value: T } | { accepted: false; problem: Problem };

export function accepted<T>(value: T): Outcome<T> {
  return { accepted: true, value };
}

export function refused(code: string, options?: ProblemOptions): { accepted: false; problem: Problem } {
  return { accepted: false, problem: new Problem(code, options) };
}

/** The value of an accepted outcome; throws the problem of a refused one. */
export function expectAccepted<T>(outcome: Outcome<T>): T {
  if (!outcome.accepted) throw outcome.problem;
  return outcome.value;
}
