import type { NewTask } from "@omoios/contracts/shapes/new-task";

/** 500 tasks: one, a fork of 200, a join of them, and 33 chains of nine after it; one stands alone. The longest path is 12. */
export function forkAndJoin(): NewTask[] {
  const named = (ref: string, ...depends_on: string[]): NewTask => ({ ref, title: ref, depends_on });
  const fork = Array.from({ length: 200 }, (_, n) => named(`fork-${n}`, "root"));
  const chains = Array.from({ length: 297 }, (_, n) => named(`chain-${n}`, n % 9 === 0 ? "join" : `chain-${n - 1}`));
  return [named("root"), ...fork, named("join", ...fork.map(({ ref = "" }) => ref)), ...chains, named("alone")];
}
