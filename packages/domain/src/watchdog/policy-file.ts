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
    const read = readYaml(text, file, schema, {
      parts: (parts, isUnsure) => {
        const name = parts?.policy?.name;
        const home = name === undefined ? undefined : homes.get(name);
        const taken =
          home === undefined
            ? []
            : [{ path: ["policy", "name"], message: `there is a policy ${name} already, in ${home}` }];
        const issues = checkPolicy(parts?.policy, (path) => isUnsure(["policy", ...path]));
        return [...taken, ...issues.map((issue) => ({ ...issue, path: ["policy", ...issue.path] }))];
      },
    });
    if (!read.ok) faults.push(...read.faults);
    else {
      homes.set(read.value.policy.name, file);
      policies.push(read.value.policy);
    }
  }
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: policies };
}
