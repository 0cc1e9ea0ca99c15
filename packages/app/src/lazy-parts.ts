import { bucketAt } from "@omoios/adapters/buckets/bucket";
import { sqsClient, ssmClient } from "@omoios/adapters/clients";
import { systemSleep } from "@omoios/adapters/dynamodb/client";
import { stageKeysFrom } from "@omoios/adapters/keys/stage-keys";
import { notificationSender } from "@omoios/adapters/messaging/notification-sender";
import { receiverSecrets } from "@omoios/adapters/messaging/receiver-secrets";
import { sesMail } from "@omoios/adapters/messaging/ses-mail";
import { socketPost } from "@omoios/adapters/messaging/socket-post";
import { timersOn } from "@omoios/adapters/messaging/timers";
import type { SecretName } from "@omoios/contracts/topology-types";
import type { Post } from "@omoios/domain/agents/sockets";
import type { Sender } from "@omoios/domain/alerting/deliver";
import type { Bucket } from "@omoios/domain/audit/ports";
import type { Timers } from "@omoios/domain/store";
import { systemClock } from "@omoios/kernel/clock";
import { once } from "@omoios/kernel/once";
import type { Environment } from "./environment.ts";
import { logger } from "./observe/logger.ts";
import { withCause } from "./observe/with-cause.ts";

/** A function that sets no timers and reads no tokens (dispatch) needs no grant for them. */
export function lazyTimers(env: Environment): Timers {
  const timers = once(() => timersOn(sqsClient(), env.queue));
  return { set: (messages, now) => timers().set(messages.map(withCause), now) };
}

/** Only who exports the audit writes into a bucket, once an hour. */
export function auditBucket(env: Environment): Bucket | null {
  const place = env.bucket("audit");
  return place === null ? null : bucketAt(place, () => sqsClient().config, systemSleep);
}

/** Only who dispatches sends on sockets. */
export function lazyPost(env: Environment): Post {
  const post = once(() => socketPost(env.socketEndpoint("wake"), sqsClient().config));
  return (...given) => post()(...given);
}

/** Only who delivers sends notifications. */
export function lazySender(env: Environment): () => Sender {
  return once(() => {
    const sqs = sqsClient();
    const place = env.receiverSecrets();
    return notificationSender({
      allow_private: env.privateWebhooks,
      secrets: receiverSecrets({
        place,
        clock: systemClock,
        ssm: ssmClient,
        missing: (name) => logger.warn("A receiver's secret has no value", { name, place: `${place}${name}` }),
      }),
      mail: sesMail({ endpoint: env.mailEndpoint(), from: env.mailFrom, signing: sqs.config }),
      sqs,
      dead_letter_url: () => env.queue("notification-dead-letters"),
    });
  });
}

export function lazyKeys(env: Environment, name: SecretName) {
  const keys = once(() => stageKeysFrom({ place: env.secret(name), clock: systemClock, ssm: ssmClient }));
  return new Proxy({} as ReturnType<typeof stageKeysFrom>, { get: (_target, member) => Reflect.get(keys(), member) });
}
