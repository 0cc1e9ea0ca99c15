import { bucketAt } from "@omoios/adapters/buckets/bucket";
import { eventBridgeClient, sqsClient, ssmClient } from "@omoios/adapters/clients";
import { documentClient, systemSleep, type Tables } from "@omoios/adapters/dynamodb/client";
import { logWriter } from "@omoios/adapters/dynamodb/log-writer";
import { oidcIssuersFrom } from "@omoios/adapters/keys/oidc-issuers";
import { stageKeysFrom } from "@omoios/adapters/keys/stage-keys";
import { notificationSender } from "@omoios/adapters/messaging/notification-sender";
import { receiverSecrets } from "@omoios/adapters/messaging/receiver-secrets";
import { sesMail } from "@omoios/adapters/messaging/ses-mail";
import { socketPost } from "@omoios/adapters/messaging/socket-post";
import { timersOn } from "@omoios/adapters/messaging/timers";
import { webhooksOf } from "@omoios/adapters/messaging/webhooks";
import { addFigures } from "@omoios/adapters/stream/figures";
import { relay, type StreamRecord } from "@omoios/adapters/stream/relay";
import type { TimerMessage } from "@omoios/contracts/jobs";
import type { SecretName } from "@omoios/contracts/topology-types";
import type { Post } from "@omoios/domain/agents/sockets";
import type { Sender } from "@omoios/domain/alerting/deliver";
import type { Bucket } from "@omoios/domain/audit/ports";
import { type Instant, systemClock } from "@omoios/kernel/clock";
import { systemRandom } from "@omoios/kernel/random";
import type { ApiParts } from "./api-parts.ts";
import { readConfiguration } from "./configuration.ts";
import { environment, type Variables } from "./environment.ts";
import { logger } from "./observe/logger.ts";
import { tracing } from "./observe/traces.ts";
import { withCause } from "./observe/with-cause.ts";
import { type Rooms, rooms } from "./rooms.ts";
import { allReplays, allVerbs } from "./route-verbs.ts";
import { lateWords } from "./verbs/late-words.ts";
import { type WakeChannel, wakeChannel } from "./wake-channel.ts";
import { type Work, work } from "./work.ts";

/** A function's plane: made once for each process, of what its environment grants. */
export interface Plane {
  http: ApiParts;
  work: Work;
  wake: WakeChannel;
  rooms: Rooms;
}

const opened = new Map<string, unknown>();

/** Functions of one process share what they open: on one machine all of them are one process, and share its waiting claims. */
function once<T>(name: string, variables: Variables, open: () => T): T {
  const key = `${name}|${variables.OMOI_TABLE_STATE ?? ""}|${variables.OMOI_TABLE_PULSE ?? ""}|${variables.AWS_ENDPOINT_URL_DYNAMODB ?? ""}`;
  if (!opened.has(key)) opened.set(key, open());
  return opened.get(key) as T;
}

/** The plane for the functions that decide. Throws, at cold start, for a missing variable or a faulty configuration. */
export function openPlane(variables: Variables): Plane {
  return once("plane", variables, () => {
    const env = environment(variables);
    const configuration = readConfiguration(env.configDir(), variables);
    for (const fault of configuration.alert_rules.faults) logger.warn("An alert rule is left out", { fault });
    const tables: Tables = {
      client: documentClient(),
      state: env.table("state"),
      pulse: env.table("pulse"),
      sleep: systemSleep,
    };
    const furnished = rooms({
      ...configuration,
      stage: env.stage,
      waiting_claims: env.waitingClaims,
      tables,
      clock: systemClock,
      random: systemRandom,
      timers: lazyTimers(env),
      token_keys: lazyKeys(env, "token-keys"),
      audit_keys: lazyKeys(env, "audit-keys"),
      issuers: oidcIssuersFrom(env.oidc(), configuration.limits),
      notice: (message, fields) => logger.warn(message, fields),
      post: lazyPost(env),
      public_url: env.publicUrl,
      // CloudWatch reads what Lambda writes; on one machine nobody does.
      figure_line: variables.AWS_EXECUTION_ENV?.startsWith("AWS_Lambda") ? (line) => console.log(line) : undefined,
      sender: lazySender(env),
      wake_url: () => env.socketUrl("wake"),
      audit_bucket: () => auditBucket(env),
      webhooks: webhooksOf({ allow_private: env.privateWebhooks, sleep: systemSleep }),
    });
    const http: ApiParts = {
      verbs: allVerbs(furnished),
      replays: allReplays(furnished),
      late: lateWords(furnished.parts),
      authenticate: furnished.access.authenticate,
      exists: async (_ctx, kind, id) => furnished.exists(kind, id),
      rate_limiter: furnished.rate_limiter,
      rate_limits: configuration.limits.rate_limits,
      idempotency: furnished.idempotency,
      audit: furnished.audit,
      clock: systemClock,
      random: systemRandom,
      log: logger,
    };
    return { http, work: work(furnished), wake: wakeChannel(furnished, logger), rooms: furnished };
  });
}

type Environment = ReturnType<typeof environment>;

/** A function that sets no timers and reads no tokens (dispatch) needs no grant for them. */
function lazyTimers(env: Environment) {
  let timers: ReturnType<typeof timersOn> | undefined;
  return {
    set: (messages: readonly TimerMessage[], now: Instant) => {
      timers ??= timersOn(sqsClient(), env.queue);
      return timers.set(messages.map(withCause), now);
    },
  };
}

/** Only who exports the audit writes into a bucket, once an hour. */
function auditBucket(env: Environment): Bucket | null {
  const place = env.bucket("audit");
  return place === null ? null : bucketAt(place, () => sqsClient().config, systemSleep);
}

/** Only who dispatches sends on sockets. */
function lazyPost(env: Environment): Post {
  let post: Post | undefined;
  return (...given) => {
    post ??= socketPost(env.socketEndpoint("wake"), sqsClient().config);
    return post(...given);
  };
}

/** Only who delivers sends notifications. */
function lazySender(env: Environment): () => Sender {
  let sender: Sender | undefined;
  return () => {
    const sqs = sqsClient();
    sender ??= notificationSender({
      allow_private: env.privateWebhooks,
      secrets: receiverSecrets({ place: env.receiverSecrets(), clock: systemClock, ssm: ssmClient }),
      mail: sesMail({ endpoint: env.mailEndpoint(), from: env.mailFrom, signing: sqs.config }),
      sqs,
      dead_letter_url: () => env.queue("notification-dead-letters"),
    });
    return sender;
  };
}

function lazyKeys(env: Environment, name: SecretName) {
  let keys: ReturnType<typeof stageKeysFrom> | undefined;
  const open = () => {
    keys ??= stageKeysFrom({ place: env.secret(name), clock: systemClock, ssm: ssmClient });
    return keys;
  };
  return new Proxy({} as ReturnType<typeof stageKeysFrom>, { get: (_target, name) => Reflect.get(open(), name) });
}

/** What the relay does with a batch of the stream. */
export function openRelay(variables: Variables): (records: readonly StreamRecord[]) => Promise<void> {
  return once("relay", variables, () => {
    const env = environment(variables);
    const { limits } = readConfiguration(env.configDir(), variables);
    const sqs = sqsClient();
    const parts = {
      log: logWriter({
        tables: { client: documentClient(), state: "", pulse: env.table("pulse"), sleep: systemSleep },
        keys: lazyKeys(env, "audit-keys"),
        clock: systemClock,
        random: systemRandom,
        retention_days: limits.retention_days.events,
      }),
      bus: { client: eventBridgeClient(), name: env.bus(), random: systemRandom, sleep: systemSleep },
      timers: timersOn(sqs, env.queue),
      sqs,
      parked_queue_url: env.queue("relay-parked"),
      clock: systemClock,
      tracing,
    };
    return (records: readonly StreamRecord[]) => relay(parts, records);
  });
}

/** What the second reader of the stream does with a batch. */
export function openFigures(variables: Variables): (records: readonly StreamRecord[]) => Promise<void> {
  return once("figures", variables, () => {
    const tables = {
      client: documentClient(),
      state: "",
      pulse: environment(variables).table("pulse"),
      sleep: systemSleep,
    };
    return (records: readonly StreamRecord[]) => addFigures(tables, records);
  });
}
