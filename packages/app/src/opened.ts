import type { Variables } from "./environment.ts";

const opened = new Map<string, unknown>();

/** Functions of one process share what they open: on one machine all of them are one process, and share its waiting claims. */
export function openedOnce<T>(name: string, variables: Variables, open: () => T): T {
  const key = `${name}|${variables.OMOI_TABLE_STATE ?? ""}|${variables.OMOI_TABLE_PULSE ?? ""}|${variables.AWS_ENDPOINT_URL_DYNAMODB ?? ""}`;
  if (!opened.has(key)) opened.set(key, open());
  return opened.get(key) as T;
}
