import { Aws } from "aws-cdk-lib";
import type { Places } from "../packages/contracts/src/places.ts";
import { queues, tables } from "../packages/contracts/src/topology.ts";
import type { QueueName } from "../packages/contracts/src/topology-types.ts";
import type { Names } from "./names.ts";

/** Where the functions of a stage find its things: what `environmentOf` makes their environment of. */
export function placesOf(names: Names): Places {
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
    secrets: { "token-keys": names.secret("token-keys"), "audit-keys": names.secret("audit-keys") },
  };
}

function keyed<K extends string>(keys: readonly K[], value: (key: K) => string): Record<K, string> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, string>;
}
