import { built, synthesized } from "./synthesized.ts";

export const functions_dir = await built();

/** The templates of a stage that goes and of one that is protected. */
export const dev = synthesized("dev", functions_dir);
export const prod = synthesized("prod", functions_dir);
