import type { Instant } from "@omoios/kernel/clock";

const DAY_MS = 86_400_000;

/** A row's `ttl`, for one that is of use until a moment: seconds since the epoch. */
export const expiryAt = (moment: Instant): number => Math.ceil(moment / 1000);

/** As `expiryAt`, for one that is kept for so many days from a moment on. */
export const expiryInDays = (moment: Instant, days: number): number => expiryAt(moment + days * DAY_MS);
