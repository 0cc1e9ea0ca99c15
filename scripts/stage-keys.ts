import { ParameterAlreadyExists, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { newStageKeys } from "@omoios/adapters/keys/make-keys";
import { namesOf } from "../stacks/names.ts";

/** The secrets that a stage makes for itself. */
const STAGE_KEYS = ["token-keys", "audit-keys"] as const;

/**
 * Puts the keys that sign agents' tokens and chain the audit where a stage's functions look for them, SSM SecureStrings. Those that are
 * there stay: to replace them would end every token, and make what was audited before unverifiable.
 * @returns the names of those that were made
 */
export async function ensureStageKeys(stage: string): Promise<string[]> {
  const made: string[] = [];
  const ssm = new SSMClient({});
  for (const name of STAGE_KEYS) {
    const parameter = { Name: namesOf(stage).secret(name), Value: newStageKeys(Date.now()) };
    try {
      await ssm.send(new PutParameterCommand({ ...parameter, Type: "SecureString" }));
      made.push(name);
    } catch (error) {
      if (!(error instanceof ParameterAlreadyExists)) throw error;
    }
  }
  return made;
}
