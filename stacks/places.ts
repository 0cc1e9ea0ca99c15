import { Aws, Fn } from "aws-cdk-lib";
import type { Places, SocketPlace } from "../packages/contracts/src/places.ts";
import { tables } from "../packages/contracts/src/tables.ts";
import { queues } from "../packages/contracts/src/topology.ts";
import type { QueueName, SocketName } from "../packages/contracts/src/topology-types.ts";
import type { Names } from "./names.ts";
import type { Settings } from "./settings.ts";

/** Where the functions of a stage find its things: what `environmentOf` makes their environment of. */
export function placesOf({ names, settings }: { names: Names; settings: Pick<Settings, "audit_bucket"> }): Places {
  const queueUrl = (name: QueueName) =>
    `https://sqs.${Aws.REGION}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${names.queue(name)}`;
  return {
    stage: names.stage,
    region: Aws.REGION,
    tables: keyed(
      tables.map((row) => row.name),
      names.table,
    ),
    queue_urls: keyed(
      queues.map((row) => row.name),
      queueUrl,
    ),
    bus: names.only("main"),
    receiver_secrets: names.secrets,
    mail_endpoint: `https://email.${Aws.REGION}.${Aws.URL_SUFFIX}/`,
    secrets: { "token-keys": names.secret("token-keys"), "audit-keys": names.secret("audit-keys") },
    sockets: { wake: socketPlace(names, "wake") },
    buckets: settings.audit_bucket === null ? {} : { audit: filesUrl(settings.audit_bucket, names.files("audit")) },
  };
}

function keyed<K extends string>(keys: readonly K[], value: (key: K) => string): Record<K, string> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, string>;
}

/** A stage of a WebSocket API is called as its socket. */
function socketPlace(names: Names, name: SocketName): SocketPlace {
  const host = `${Fn.importValue(names.socketApi(name))}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  return { url: `wss://${host}/${name}`, endpoint: `https://${host}/${name}` };
}

const filesUrl = (bucket: string, prefix: string) => `https://${bucket}.s3.${Aws.REGION}.${Aws.URL_SUFFIX}/${prefix}`;
