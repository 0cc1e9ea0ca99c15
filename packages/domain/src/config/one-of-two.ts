import type { ConfigPath } from "./positions.ts";
import type { IsUnsure } from "./well-formed.ts";

/** Whether a part says both of two members or neither, and not just one; of neither, only where none has a fault of its own. */
export function isNotOneOf<T extends object>(
  part: T,
  [one, other]: readonly [keyof T, keyof T],
  path: ConfigPath,
  isUnsure: IsUnsure,
): boolean {
  const says = part[one] !== undefined;
  if (says !== (part[other] !== undefined)) return false;
  return says || !(isUnsure([...path, one]) || isUnsure([...path, other]));
}
