import { issuesOf } from "../config/issues.ts";
import { assign, causeOf, overridesIn } from "../config/overrides.ts";
import type { ConfigRead } from "../config/read.ts";
import { knownKeys } from "../config/schema-keys.ts";
import { checkPolicy } from "./check-policy.ts";
import { type PolicyConfig, policyConfig } from "./policy-config.ts";

/**
 * The policies with the variables `OMOI_WATCHDOG__<POLICY>__<KEY>` over them: `OMOI_WATCHDOG__WORKER_RESTART__LIMITS__COOLDOWN=30s`.
 * Faults carry the variable's name.
 */
export function overridePolicies(
  base: readonly PolicyConfig[],
  env: Readonly<Record<string, string | undefined>>,
): ConfigRead<readonly PolicyConfig[]> {
  const { overrides, faults } = overridesIn(env, {
    prefix: "OMOI_WATCHDOG__",
    what: "policy or key",
    keysAt: ([policy, ...path]) =>
      policy === undefined
        ? base.map(({ name }) => name)
        : knownKeys(policyConfig(), path).filter((key) => key !== "name"),
  });
  if (overrides.length + faults.length === 0) return { ok: true, value: base };
  faults.push(
    ...overrides.filter(({ path }) => path.length === 1).map(({ name }) => `${name}: names no key of the policy`),
  );
  const value = base.map((policy) => {
    const its = overrides.flatMap(({ name, path: [of, ...path], value }) =>
      of === policy.name ? [{ name, path, value }] : [],
    );
    if (its.length === 0) return policy;
    const changed: Record<string, unknown> = structuredClone(policy);
    for (const { path, value } of its) assign(changed, path, value);
    const parsed = issuesOf(policyConfig(), changed);
    const issues = parsed.ok ? checkPolicy(parsed.value, () => false) : parsed.issues;
    faults.push(...issues.map(({ path, message }) => `${causeOf(its, path)}: ${path.join(".")}: ${message}`));
    return parsed.ok ? parsed.value : policy;
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value };
}
