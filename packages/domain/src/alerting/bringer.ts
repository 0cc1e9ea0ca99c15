import type { Actor, AuthorityName } from "@omoios/kernel/principal";

/** The principal that an alert was brought by from outside. What the alert leads to is done in its name. */
export type Bringer = Pick<Actor, "id" | "authority">;

export const bringerOf = ({ id, authority }: Actor): Bringer => ({ id, authority });

/** The authority behind an alert. What the plane says by its own files and events is not held to any principal's. */
export const authorityBehind = (brought_by: Bringer | undefined): AuthorityName => brought_by?.authority ?? "SYSTEM";
