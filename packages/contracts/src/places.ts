import type { FunctionRow, QueueName, SecretName, TableName } from "./topology-types.ts";

/** Where a stage keeps its things: names, URLs and parameter paths by the names used here. */
export interface Places {
  stage: string;
  region: string;
  tables: Readonly<Record<TableName, string>>;
  queue_urls: Readonly<Record<QueueName, string>>;
  bus: string;
  /** Names of SSM SecureString parameters, or `file:` paths on one machine. */
  secrets: Readonly<Record<SecretName, string>>;
}

const variable = (prefix: string, name: string) => `OMOI_${prefix}_${name.toUpperCase().replaceAll("-", "_")}`;

export const environmentNames = {
  stage: "OMOI_STAGE",
  table: (name: TableName) => variable("TABLE", name),
  queue: (name: QueueName) => variable("QUEUE", name),
  bus: "OMOI_BUS",
  /** `oidc` of the stage in `config/stages.yaml`, as JSON. */
  oidc: "OMOI_OIDC",
  secret: (name: SecretName) => variable("SECRET", name),
} as const;

/** The environment variables of a function: its stage, and the places of just those things that its row grants. */
export function environmentOf(row: FunctionRow, places: Places): Record<string, string> {
  const variables: Record<string, string> = { [environmentNames.stage]: places.stage };
  for (const grant of row.may) {
    if ("table" in grant) variables[environmentNames.table(grant.table)] = places.tables[grant.table];
    if ("queue" in grant) variables[environmentNames.queue(grant.queue)] = places.queue_urls[grant.queue];
    if ("bus" in grant) variables[environmentNames.bus] = places.bus;
    if ("secret" in grant) variables[environmentNames.secret(grant.secret)] = places.secrets[grant.secret];
  }
  return variables;
}
