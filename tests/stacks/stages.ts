import { builtFunctions } from "../harness/built/built.ts";
import { synthesized } from "./synthesized.ts";

export const { out_dir: functions_dir } = await builtFunctions();

/** The templates of a stage that goes and of one that is protected. */
export const dev = synthesized("dev", functions_dir);
export const prod = synthesized("prod", functions_dir);
