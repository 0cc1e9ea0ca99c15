import { auditBookOn } from "@omoios/adapters/dynamodb/audit-book";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { countersOn, positionsOn, usedAssertionsOn } from "@omoios/adapters/dynamodb/counters";
import { dueRowsOn } from "@omoios/adapters/dynamodb/due";
import { eventLogOn } from "@omoios/adapters/dynamodb/event-log";
import { idempotencyIn } from "@omoios/adapters/dynamodb/idempotency";
import { ladderOn } from "@omoios/adapters/dynamodb/ladder";
import { laneHintsOn, readyLanesOn } from "@omoios/adapters/dynamodb/lanes";
import { logWriter } from "@omoios/adapters/dynamodb/log-writer";
import { pulseOn } from "@omoios/adapters/dynamodb/pulse";
import { rateBucketsOn } from "@omoios/adapters/dynamodb/rate-buckets";
import { refusalCountsOn } from "@omoios/adapters/dynamodb/refusal-counts";
import { socketsOn } from "@omoios/adapters/dynamodb/sockets";
import { stagingOn } from "@omoios/adapters/dynamodb/staging";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { keyPairs, makeApiKey } from "@omoios/adapters/keys/make-keys";
import { oidcIssuersFrom } from "@omoios/adapters/keys/oidc-issuers";
import { webhooksOf } from "@omoios/adapters/messaging/webhooks";
import { rateLimiter } from "@omoios/domain/access/rate-limiter";
import { accessService } from "@omoios/domain/access/service";
import { pushedTo } from "@omoios/domain/agents/pushed";
import { agentsService } from "@omoios/domain/agents/service";
import { auditService } from "@omoios/domain/audit/service";
import { cachedRead } from "@omoios/domain/cached-read";
import { claims } from "@omoios/domain/tasks/claim";
import { cachedHints } from "@omoios/domain/tasks/hint-cache";
import { holderVerbs } from "@omoios/domain/tasks/holder";
import { laneBook } from "@omoios/domain/tasks/lane-book";
import { laneWatch } from "@omoios/domain/tasks/lane-watch";
import { operatorVerbs } from "@omoios/domain/tasks/operator";
import { taskQueries } from "@omoios/domain/tasks/queries";
import { evidenceOf } from "@omoios/domain/tickets/evidence";
import { fitContext } from "@omoios/domain/tickets/fit-context";
import type { TicketParts } from "@omoios/domain/tickets/parts";
import { ticketQueries } from "@omoios/domain/tickets/queries";
import { reopeningOf } from "@omoios/domain/tickets/reopening";
import { ticketVerbs } from "@omoios/domain/tickets/service";
import { agentWork } from "./agent-work.ts";
import { cacheMinutes } from "./cache-minutes.ts";
import type { Ground } from "./ground.ts";
import { observedCommit, observedLanes } from "./observe/observed-writes.ts";

export type Rooms = ReturnType<typeof rooms>;

/** The rooms in which the fleet's work is done, furnished. Those that watch over it stand in `watch-rooms.ts`. */
export function rooms(ground: Ground) {
  const { tables, clock, limits, workflows, workflow_texts, timers, random, token_keys, audit_keys, stage } = ground;
  const store = storeOn(tables, clock);
  const commit = observedCommit(commitTo(tables, limits.idempotency_hours));
  const hints = laneHintsOn(tables);
  const pulse = pulseOn(tables);
  const audience = `omoios:${stage}`;
  const caches = cacheMinutes(ground);
  const { note_read } = caches;
  const access = accessService({
    store,
    commit,
    used: usedAssertionsOn(tables),
    counters: countersOn(tables),
    token_keys,
    issuers: ground.issuers ?? oidcIssuersFrom([], limits),
    make_api_key: makeApiKey,
    audience,
    clock,
    note_read,
    limits,
  });
  const parts: TicketParts = {
    store,
    commit,
    lanes: observedLanes(readyLanesOn(tables)),
    workHints: cachedHints(hints, clock, { keep_ms: limits.hint_cache_ms, again_ms: limits.hint_again_ms, note_read }),
    pulse,
    timers,
    limits,
    clock,
    sleep: tables.sleep,
    book: laneBook({ store, commit, clock, note_read, limits }),
    watch: ground.watch ?? laneWatch(ground.waiting_claims ?? 0),
    notice: ground.notice,
    fitContext,
    isPaused: () => access.isPaused(),
    pausedLanes: () => access.pausedLanes(),
    staging: stagingOn(tables),
    workflows,
  };
  const book = auditBookOn(tables);
  const log = eventLogOn(tables, book);
  const retention_days = limits.retention_days.events;
  const positions = positionsOn(tables);
  const audit = auditService({
    store,
    commit,
    book,
    writer: logWriter({ tables, keys: audit_keys, clock, random, retention_days }),
    counts: refusalCountsOn(tables),
    keys: audit_keys,
    positions,
    clock,
    bucket: ground.audit_bucket ?? (() => null),
    notice: ground.notice,
    stage,
    limits,
  });
  const sockets = socketsOn(tables);
  const post = ground.post ?? (async () => "gone" as const);
  const webhooks = ground.webhooks ?? webhooksOf({ allow_private: false, sleep: tables.sleep });
  const operator = operatorVerbs(parts, reopeningOf(parts));
  const known_phases = new Set([...workflows.values()].flatMap(({ phases }) => phases.map(({ id }) => id)));
  const agents = agentsService({
    store,
    commit,
    pulse,
    ladder: ladderOn(tables),
    log,
    timers,
    counters: countersOn(tables),
    key_pairs: keyPairs,
    work: agentWork(parts),
    mail_flag: access.mail_flag,
    known_phases,
    audience,
    wake_url: ground.wake_url ?? (() => null),
    webhooks,
    sockets,
    post,
    notice: ground.notice,
    limits,
  });
  return {
    parts,
    workflow_texts,
    caches,
    known_phases,
    access,
    agents,
    operator,
    clock,
    random,
    stage,
    hints,
    claim: claims(parts),
    holder: holderVerbs(parts, evidenceOf(parts)),
    queries: taskQueries({ ...parts, log }),
    tickets: ticketVerbs(parts, operator.cancel),
    ticketQueries: ticketQueries(parts),
    log,
    audit,
    sockets,
    dispatching: {
      ...parts,
      sockets,
      send: webhooks.send,
      held: cachedRead(() => sockets.held(clock.now()), clock, limits.reach_cache_ms, note_read),
      pushed: cachedRead(() => pushedTo(parts), clock, limits.reach_cache_ms, note_read),
      post,
    },
    rate_limiter: rateLimiter(rateBucketsOn(tables)),
    idempotency: idempotencyIn(tables, limits),
    due: dueRowsOn(tables),
    positions,
  };
}
