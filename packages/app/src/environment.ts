import { type OidcIssuer, oidcIssuers } from "@omoios/contracts/oidc";
import { environmentNames } from "@omoios/contracts/places";
import type { BucketName, QueueName, SecretName, SocketName, TableName } from "@omoios/contracts/topology-types";

export type Variables = Readonly<Record<string, string | undefined>>;

/** A function's environment. A variable that is asked for and not set fails loudly, at cold start, by its name. */
export function environment(variables: Variables) {
  const need = (name: string): string => {
    const value = variables[name];
    if (value === undefined || value === "")
      throw new Error(`The environment variable ${name} is not set: the function lacks a grant of its topology row`);
    return value;
  };
  return {
    variables,
    stage: need(environmentNames.stage),
    /** Issuers whose tokens the stage takes; none where the variable is not set. */
    oidc: (): OidcIssuer[] => oidcIssuers.parse(JSON.parse(variables[environmentNames.oidc] || "[]")),
    privateWebhooks: variables[environmentNames.privateWebhooks] === "true",
    privateAgents: [environmentNames.privateWebhooks, environmentNames.privateAgents].some(
      (name) => variables[name] === "true",
    ),
    /** Claims that may wait for work at a time in one process; none unless set. */
    waitingClaims: wholeNumber(environmentNames.waitingClaims, variables),
    configDir: () => need("OMOI_CONFIG_DIR"),
    table: (name: TableName) => need(environmentNames.table(name)),
    queue: (name: QueueName) => need(environmentNames.queue(name)),
    bus: () => need(environmentNames.bus),
    secret: (name: SecretName) => need(environmentNames.secret(name)),
    /** Null where the stage names none. */
    bucket: (name: BucketName) => variables[environmentNames.bucket(name)] || null,
    receiverSecrets: () => need(environmentNames.receiverSecrets),
    mailEndpoint: () => need(environmentNames.mailEndpoint),
    mailFrom: variables[environmentNames.mailFrom] || undefined,
    /** Empty where it is not known. Read when it is asked for: on one machine it is known only once all is up. */
    publicUrl: () => variables[environmentNames.publicUrl] ?? "",
    /** Null where the stage has none, or its address is not known yet. */
    socketUrl: (name: SocketName) => variables[environmentNames.socketUrl(name)] || null,
    socketEndpoint: (name: SocketName) => need(environmentNames.socketEndpoint(name)),
  };
}

function wholeNumber(name: string, variables: Variables): number {
  const text = variables[name] || "0";
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`The environment variable ${name} is ${text}: it must be a whole number, 0 or more`);
}

export type Environment = ReturnType<typeof environment>;
