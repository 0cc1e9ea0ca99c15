import * as z from "zod";
import { type ConfigRead, readYaml } from "../config/read.ts";
import { checkPolicy } from "./check-policy.ts";
import { type PolicyConfig, policyConfig } from "./policy-config.ts";

/** Reads the files of `config/watchdog_policies`, one policy each, in the order given. The faults are lines `file:line:column text`. */
export function readPolicies(files: readonly { file: string; text: string }[]): ConfigRead<PolicyConfig[]> {
  const schema = z.strictObject({ policy: policyConfig() });
  const policies: PolicyConfig[] = [];
  const faults: string[] = [];
  const homes = new Map<string, string>();
  for (const { file, text } of files) {
    const read = readYaml(text, file, schema, ({ policy }) => {
      const home = homes.get(policy.name);
      const taken =
        home === undefined
          ? []
          : [{ path: ["policy", "name"], message: `there is a policy ${policy.name} already, in ${home}` }];
      const issues = checkPolicy(policy).map((issue) => ({ ...issue, path: ["policy", ...issue.path] }));
      return [...taken, ...issues];
    });
    if (!read.ok) faults.push(...read.faults);
    else {
      homes.set(read.value.policy.name, file);
      policies.push(read.value.policy);
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: policies };
}
