import { ID_PREFIX, type IdKind, isId } from "@omoios/kernel/ids";

/** What is called by a name in paths, with the shape of its names. */
const NAMES = {
  metric: "^[A-Za-z_][A-Za-z0-9_.]{0,99}$",
  receiver: "^[A-Za-z0-9_.-]{1,60}$",
  alertRule: "^[A-Za-z_][A-Za-z0-9_.:-]{0,99}$",
  workflow: "^[a-z][a-z0-9_]{0,59}$",
  watchdogPolicy: "^[A-Za-z0-9_.-]{1,60}$",
  guardianPolicy: "^[A-Za-z0-9_.-]{1,60}$",
} as const;

/** What a path can name: something with an id, or something with a name. */
export type PathKind = IdKind | keyof typeof NAMES;

/** The pattern of the texts that can name something of the kind. */
export function pathPattern(kind: PathKind): string {
  return kind in NAMES ? NAMES[kind as keyof typeof NAMES] : `^${ID_PREFIX[kind as IdKind]}`;
}

/** Whether the text can name something of the kind. It says nothing about whether the thing exists. */
export function canName(kind: PathKind, text: string): boolean {
  return kind in NAMES ? new RegExp(pathPattern(kind)).test(text) : isId(kind as IdKind, text);
}
