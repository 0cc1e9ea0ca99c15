import { ParameterAlreadyExists, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { newTokenKeys } from "@omoios/adapters/keys/make-keys";
import { namesOf } from "../stacks/names.ts";

/**
 * Puts the key that signs agents' tokens where a stage's functions look for it, an SSM SecureString. One that is there stays: to
 * replace it would end every token.
 * @returns whether it was made
 */
export async function ensureTokenKeys(stage: string): Promise<boolean> {
  const parameter = { Name: namesOf(stage).secret("token-keys"), Value: newTokenKeys(Date.now()) };
  try {
    await new SSMClient({}).send(new PutParameterCommand({ ...parameter, Type: "SecureString" }));
    return true;
  } catch (error) {
    if (error instanceof ParameterAlreadyExists) return false;
    throw error;
  }
}
