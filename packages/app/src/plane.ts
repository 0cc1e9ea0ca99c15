import { documentClient, systemSleep } from "@omoios/adapters/dynamodb/client";
import { oidcIssuersFrom } from "@omoios/adapters/keys/oidc-issuers";
import { webhooksOf } from "@omoios/adapters/messaging/webhooks";
import { systemClock } from "@omoios/kernel/clock";
import { onceResolved } from "@omoios/kernel/once";
import { systemRandom } from "@omoios/kernel/random";
import { readConfiguration } from "./configuration.ts";
import { environment, type Variables } from "./environment.ts";
import type { Ground } from "./ground.ts";
import { auditBucket, lazyKeys, lazyPost, lazySender, lazyTimers } from "./lazy-parts.ts";
import { logger } from "./observe/logger.ts";
import { openedOnce } from "./opened.ts";
import { type Rooms, rooms } from "./rooms.ts";
import { type WakeChannel, wakeChannel } from "./wake-channel.ts";
import type { Watch } from "./watch.ts";
import { type Work, work } from "./work.ts";

/** A function's plane: made once for each process, of what its environment grants. */
export interface Plane {
  work: Work;
  wake: WakeChannel;
  rooms: Rooms;
  /** What watches over the work, read and furnished when something first asks for it. */
  watching: () => Promise<Watch>;
}

/** The plane for the functions that decide. Throws, at cold start, for a missing variable or a faulty configuration. */
export function openPlane(variables: Variables): Plane {
  return openedOnce("plane", variables, () => {
    const ground = groundOf(variables);
    const furnished = rooms(ground);
    const watching = onceResolved(async () => {
      const { openWatch } = await import("./watch.ts");
      return openWatch(ground, furnished);
    });
    return {
      work: work(furnished, async () => (await watching()).work),
      wake: wakeChannel(furnished, logger),
      rooms: furnished,
      watching,
    };
  });
}

function groundOf(variables: Variables): Ground {
  const env = environment(variables);
  const configuration = readConfiguration(env.configDir(), variables);
  for (const fault of configuration.alert_rules.faults) logger.warn("An alert rule is left out", { fault });
  return {
    ...configuration,
    stage: env.stage,
    waiting_claims: env.waitingClaims,
    tables: {
      client: documentClient(),
      state: env.table("state"),
      pulse: env.table("pulse"),
      sleep: systemSleep,
    },
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
    webhooks: webhooksOf({ allow_private: env.privateAgents, sleep: systemSleep }),
  };
}
