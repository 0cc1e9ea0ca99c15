import type { BucketName, FunctionRow, QueueName, SecretName, SocketName, TableName } from "./topology-types.ts";

/** Where a stage keeps its things: names, URLs and parameter paths by the names used here. */
export interface Places {
  stage: string;
  region: string;
  tables: Readonly<Record<TableName, string>>;
  queue_urls: Readonly<Record<QueueName, string>>;
  bus: string;
  /** Names of SSM SecureString parameters, or `file:` paths on one machine. */
  secrets: Readonly<Record<SecretName, string>>;
  /** Where the receivers' secrets are: the beginning of their parameters' names, or `file:` and a folder; a slash at its end. */
  receiver_secrets: string;
  /** Where mails are sent: SES's endpoint, or what stands in for it. */
  mail_endpoint: string;
  /** Absent where it is not known yet: an API has its address only once it is there. */
  sockets?: Readonly<Record<SocketName, SocketPlace>>;
  /** Where the stage's files stand under: `https://<bucket>.s3.…/<prefix>`, or `file:` paths on one machine. Absent where it keeps none. */
  buckets?: Readonly<Partial<Record<BucketName, string>>>;
}

export interface SocketPlace {
  /** Where clients connect: `wss://…`. */
  url: string;
  /** Under it, `@connections/<id>` takes what is to be sent to one of them. */
  endpoint: string;
}

const variable = (prefix: string, name: string) => `OMOI_${prefix}_${name.toUpperCase().replaceAll("-", "_")}`;

export const environmentNames = {
  stage: "OMOI_STAGE",
  table: (name: TableName) => variable("TABLE", name),
  queue: (name: QueueName) => variable("QUEUE", name),
  bus: "OMOI_BUS",
  /** `oidc` of the stage in `config/stages.yaml`, as JSON. */
  oidc: "OMOI_OIDC",
  /** `allow_private_webhooks` of the stage in `config/stages.yaml`: `true` or `false`. */
  privateWebhooks: "OMOI_PRIVATE_WEBHOOKS",
  /** `true` on one machine, where agents that are told of work by a webhook are at home. */
  privateAgents: "OMOI_PRIVATE_AGENTS",
  /** `max_waiting_claims` of the stage in `config/stages.yaml`. */
  waitingClaims: "OMOI_MAX_WAITING_CLAIMS",
  receiverSecrets: "OMOI_RECEIVER_SECRETS",
  mailEndpoint: "OMOI_MAIL_ENDPOINT",
  /** `mail_from` of the stage in `config/stages.yaml`. */
  mailFrom: "OMOI_MAIL_FROM",
  /** Where the HTTP API is reached, for the links in notifications. */
  publicUrl: "OMOI_PUBLIC_URL",
  secret: (name: SecretName) => variable("SECRET", name),
  bucket: (name: BucketName) => variable("BUCKET", name),
  socketUrl: (name: SocketName) => variable("SOCKET_URL", name),
  socketEndpoint: (name: SocketName) => variable("SOCKET_ENDPOINT", name),
} as const;

/** The environment variables of a function: its stage, and the places of just those things that its row grants. */
export function environmentOf(row: FunctionRow, places: Places): Record<string, string> {
  const variables: Record<string, string> = { [environmentNames.stage]: places.stage };
  for (const grant of row.may) {
    if ("table" in grant) variables[environmentNames.table(grant.table)] = places.tables[grant.table];
    if ("queue" in grant) variables[environmentNames.queue(grant.queue)] = places.queue_urls[grant.queue];
    if ("bus" in grant) variables[environmentNames.bus] = places.bus;
    if ("secret" in grant) variables[environmentNames.secret(grant.secret)] = places.secrets[grant.secret];
    if ("bucket" in grant) Object.assign(variables, bucketVariable(grant.bucket, places.buckets));
    if ("receivers" in grant) variables[environmentNames.receiverSecrets] = places.receiver_secrets;
    if ("mail" in grant) variables[environmentNames.mailEndpoint] = places.mail_endpoint;
    if ("socket" in grant) Object.assign(variables, socketVariables(grant.socket, grant.actions, places.sockets));
  }
  return variables;
}

function bucketVariable(name: BucketName, places: Places["buckets"]): Record<string, string> {
  const place = places?.[name];
  return place === undefined ? {} : { [environmentNames.bucket(name)]: place };
}

/** What a grant on a socket brings into the environment: its address, or where to send. */
export function socketVariables(
  name: SocketName,
  actions: readonly ("name" | "send")[],
  places: Places["sockets"],
): Record<string, string> {
  const place = places?.[name];
  if (place === undefined) return {};
  return {
    ...(actions.includes("name") ? { [environmentNames.socketUrl(name)]: place.url } : {}),
    ...(actions.includes("send") ? { [environmentNames.socketEndpoint(name)]: place.endpoint } : {}),
  };
}
