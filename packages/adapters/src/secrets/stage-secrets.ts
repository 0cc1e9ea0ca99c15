import { PutParameterCommand, paginateDescribeParameters, type SSMClient } from "@aws-sdk/client-ssm";

/** A secret as it may be shown: all about it but its value. */
export interface StoredSecret {
  /** The parameter's whole name. */
  path: string;
  version: number;
  /** RFC 3339; null where SSM does not say. */
  changed_at: string | null;
}

/**
 * Keeps a value as an SSM SecureString, in place of the one before it.
 * @returns the version that this made
 * @throws with a message that holds no part of the value, and without SSM's own error, which may
 */
export async function putSecret(ssm: SSMClient, path: string, value: string): Promise<number> {
  try {
    const parameter = { Name: path, Value: value, Type: "SecureString", Overwrite: true } as const;
    const { Version = 1 } = await ssm.send(new PutParameterCommand(parameter));
    return Version;
  } catch (error) {
    throw new Error(`SSM did not keep ${path}: ${withoutValue(error)}`);
  }
}

/** Every secret under a folder such as `/omoios/dev/`, by name. */
export async function listSecrets(ssm: SSMClient, folder: string): Promise<StoredSecret[]> {
  const filter = { Key: "Name", Option: "BeginsWith", Values: [folder] };
  const found: StoredSecret[] = [];
  for await (const page of paginateDescribeParameters({ client: ssm }, { ParameterFilters: [filter] })) {
    for (const { Name, Version, LastModifiedDate, Type } of page.Parameters ?? []) {
      if (Name === undefined || Type !== "SecureString") continue;
      found.push({ path: Name, version: Version ?? 1, changed_at: LastModifiedDate?.toISOString() ?? null });
    }
  }
  return found.sort((a, b) => a.path.localeCompare(b.path));
}

/** AWS quotes what it refuses to validate; of what it refuses for another reason its own words are safe and of use. */
function withoutValue(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return /Validation|Pattern|Serialization|Unsupported/.test(error.name)
    ? error.name
    : `${error.name}: ${error.message}`;
}
