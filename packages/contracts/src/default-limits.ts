import { type Limits, limits } from "./limits.ts";

/** The limits as they stand without a file. */
export const defaultLimits: Limits = limits().parse({});
