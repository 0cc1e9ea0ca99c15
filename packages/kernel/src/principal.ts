/** WORKER 1, WATCHDOG 2, MONITOR 3, GUARDIAN 4, SYSTEM 5. It comes from the principal, never from a request's body. */
export const AUTHORITY = { WORKER: 1, WATCHDOG: 2, MONITOR: 3, GUARDIAN: 4, SYSTEM: 5 } as const;
export type AuthorityName = keyof typeof AUTHORITY;

/** Who acts: an operator's key, an agent, or a part of the plane itself. */
export interface Actor {
  kind: "operator" | "agent" | "system";
  id: string;
  authority: AuthorityName;
}

/** The lesser of two. */
export function lesser(one: AuthorityName, other: AuthorityName): AuthorityName {
  return AUTHORITY[one] <= AUTHORITY[other] ? one : other;
}

export function hasAuthority(actor: Pick<Actor, "authority">, needed: AuthorityName): boolean {
  return AUTHORITY[actor.authority] >= AUTHORITY[needed];
}
