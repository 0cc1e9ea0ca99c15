import { ApiProblem, Unreachable } from "@omoios/sdk/api-problem";
import { keySource } from "./find-plane.ts";
import { WrongUse } from "./wrong-use.ts";

export const EXIT = { done: 0, no: 1, wrong_use: 2 } as const;

const INPUT_STATUSES: ReadonlySet<number> = new Set([400, 413, 422]);

/** An error in one or two plain lines and the exit code that goes with it. Never a stack. */
export function tellFailure(failure: unknown, env: NodeJS.ProcessEnv): { lines: string; exit: number } {
  if (failure instanceof ApiProblem) return tellProblem(failure, env);
  if (failure instanceof Unreachable) {
    return tell(failure.message, "Is the plane running? npm start starts one on this machine.", EXIT.no);
  }
  if (failure instanceof WrongUse) return tell(failure.message, undefined, EXIT.wrong_use);
  return tell(failure instanceof Error ? failure.message : String(failure), undefined, EXIT.no);
}

function tellProblem({ code, title, detail, errors, remedy, status, extra }: ApiProblem, env: NodeJS.ProcessEnv) {
  const faults = errors.map(({ path, message }) => `${path} ${message}`);
  const allowed = Array.isArray(extra.allowed) ? [`allowed: ${extra.allowed.join(", ")}`] : [];
  const what = [title, ...(detail === undefined ? [] : [detail]), ...faults, ...allowed].join("; ");
  const todo = code === "auth.invalid" ? `${remedy ?? ""} The key is that of ${keySource(env)}.`.trim() : remedy;
  return tell(what, todo, INPUT_STATUSES.has(status) ? EXIT.wrong_use : EXIT.no);
}

function tell(what: string, remedy: string | undefined, exit: number) {
  return { lines: `omoi: ${what}\n${remedy === undefined ? "" : `${remedy}\n`}`, exit };
}
