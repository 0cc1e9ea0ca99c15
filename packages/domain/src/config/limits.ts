import { defaultLimits } from "@omoios/contracts/default-limits";
import { type Limits, limits } from "@omoios/contracts/limits";
import { overrideLimits } from "./override-limits.ts";
import { type ConfigRead, readYaml } from "./read.ts";

/**
 * The limits: the defaults, over them `config/limits.yaml` (no text: no file), over it the variables of `overrideLimits`.
 * Faults of the file carry its line and column, faults of a variable its name.
 */
export function readLimits(
  text: string | undefined,
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): ConfigRead<Limits> {
  const base: ConfigRead<Limits> =
    text === undefined ? { ok: true, value: defaultLimits } : readYaml(text, file, limits());
  const parsed = overrideLimits(base.ok ? base.value : defaultLimits, env);
  return base.ok ? parsed : { ok: false, faults: [...base.faults, ...(parsed.ok ? [] : parsed.faults)] };
}
