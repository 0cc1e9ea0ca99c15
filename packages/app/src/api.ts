import type { ApiParts } from "./api-parts.ts";
import type { Variables } from "./environment.ts";
import { existence } from "./existence.ts";
import { laterReplays, laterVerbs } from "./later-verbs.ts";
import { logger } from "./observe/logger.ts";
import { openedOnce } from "./opened.ts";
import { openPlane } from "./plane.ts";
import { judgesOf } from "./verbs/judges.ts";
import { lateWords } from "./verbs/late-words.ts";
import { workReplays, workVerbs } from "./work-verbs.ts";

const named = <Row extends { name: string }>(rows: readonly Row[], name: string) =>
  rows.find((row) => row.name === name);

/** The plane for the functions that answer requests: its verbs, and what stands before them. Throws as `openPlane` does. */
export function openApi(variables: Variables): ApiParts {
  return openedOnce("api", variables, () => {
    const { rooms, watching } = openPlane(variables);
    const exists = existence(rooms.parts.store, {
      workflow: async (name) => (rooms.parts.workflows.has(name) ? name : undefined),
      alertRule: async (name) => (await watching()).rooms.rules.find(name),
      receiver: async (name) => (await watching()).rooms.routing.receivers.get(name),
      watchdogPolicy: async (name) => named((await (await watching()).rooms.watchdog.policies()).items, name),
      guardianPolicy: async (name) => named((await (await watching()).rooms.guardian.policies()).items, name),
    });
    return {
      verbs: { ...workVerbs(rooms), ...laterVerbs(async () => (await watching()).verbs) },
      replays: { ...workReplays(rooms), ...laterReplays(async () => (await watching()).replays) },
      judges: judgesOf(rooms, async () => (await watching()).rooms),
      late: lateWords(rooms.parts),
      authenticate: rooms.access.authenticate,
      exists: async (_ctx, kind, id) => exists(kind, id),
      rate_limiter: rooms.rate_limiter,
      rate_limits: rooms.parts.limits.rate_limits,
      idempotency: rooms.idempotency,
      audit: rooms.audit,
      clock: rooms.clock,
      random: rooms.random,
      log: logger,
    };
  });
}
