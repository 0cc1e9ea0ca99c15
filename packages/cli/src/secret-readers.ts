import { functions } from "@omoios/contracts/topology";
import type { FunctionRow } from "@omoios/contracts/topology-types";

const secretsOf = ({ may }: FunctionRow): string[] => may.flatMap((grant) => ("secret" in grant ? [grant.secret] : []));

/** The functions that the topology lets read a secret. */
export const readersOf = (secret: string): string[] =>
  functions.filter((row) => secretsOf(row).includes(secret)).map(({ name }) => name);

/** The secrets without which a function of the topology cannot work. */
export const neededSecrets = (): string[] => [...new Set(functions.flatMap(secretsOf))];
