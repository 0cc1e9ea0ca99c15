import { existsSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError } from "@omoios/app/configuration-error";
import { environmentNames, environmentOf, type Places } from "@omoios/contracts/places";
import { functions } from "@omoios/contracts/topology";
import { readSettings, traceVariables } from "../../../stacks/settings.ts";

/** Claims that may wait for work at a time on one machine. */
const WAITING_CLAIMS = "64";

/** No mail leaves this machine. */
const MAIL_FROM = "omoios@localhost.localdomain";

export interface Endpoints {
  dynamodb: string;
  sqs: string;
  events: string;
}

/** A value of `undefined` takes the variable away. */
export type Variables = Record<string, string | undefined>;

/**
 * What the handlers find in their environment. They share one process, so it is the union over all functions; a deployment gives
 * each its own, and the rehearsal shows what a row forgot to grant.
 */
export function handlerVariables(places: Places, endpoints: Endpoints, configDir: string): Variables {
  const settings = stageSettings(places.stage, configDir);
  return {
    ...Object.assign({}, ...functions.map((row) => environmentOf(row, places))),
    OMOI_CONFIG_DIR: configDir,
    [environmentNames.oidc]: JSON.stringify(settings?.oidc ?? []),
    [environmentNames.privateWebhooks]: String(settings?.allow_private_webhooks ?? false),
    // Agents of this machine live on it.
    [environmentNames.privateAgents]: "true",
    // Waiting costs nothing here; in AWS it is paid by the second. What a start sets by itself counts.
    [environmentNames.waitingClaims]: process.env[environmentNames.waitingClaims] ?? WAITING_CLAIMS,
    [environmentNames.mailFrom]: MAIL_FROM,
    // What a start sets by itself counts here too.
    ...(process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? {} : traceVariables(settings?.traces)),
    AWS_REGION: places.region,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.events,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    // A profile or a session of the user's own must not join in.
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
  };
}

/** What `stages.yaml` says of a stage; `undefined` where the configuration has no such file. Throws `ConfigurationError` with every fault and its place. */
export function stageSettings(stage: string, configDir: string) {
  const file = join(configDir, "stages.yaml");
  if (!existsSync(file)) return undefined;
  const read = readSettings(stage, file);
  if (!read.ok) throw new ConfigurationError(read.faults);
  return read.value;
}

/** Sets variables of this process. Gives what puts back those that were there. */
export function setVariables(variables: Variables): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  assign(variables);
  return () => assign(before);
}

function assign(variables: Variables): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
