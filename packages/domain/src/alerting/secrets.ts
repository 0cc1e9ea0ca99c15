import type { Receiver } from "./routing-config.ts";

const SECRET = /^\$\{secret:([\w.-]{1,100})\}$/;

/** The name in `${secret:NAME}`, where the text is one. */
export const secretName = (text: string): string | undefined => SECRET.exec(text)?.[1];

/** The names of the secrets that a receiver needs. */
export const secretsOf = (receiver: Receiver): string[] =>
  Object.values(receiver).flatMap((value) => (typeof value === "string" ? (secretName(value) ?? []) : []));

/** The receiver with the values in place of their names, or the names of which there is no value. */
export function withSecrets(
  receiver: Receiver,
  values: ReadonlyMap<string, string>,
): { ok: true; receiver: Receiver } | { ok: false; missing: string[] } {
  const missing = secretsOf(receiver).filter((name) => !values.has(name));
  if (missing.length > 0) return { ok: false, missing };
  const fill = (value: unknown) => (typeof value === "string" ? (values.get(secretName(value) ?? "") ?? value) : value);
  const filled = Object.fromEntries(Object.entries(receiver).map(([key, value]) => [key, fill(value)]));
  return { ok: true, receiver: filled as Receiver };
}
