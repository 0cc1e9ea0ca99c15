import type { Limits } from "@omoios/contracts/limits";
import type { RouteReply } from "@omoios/contracts/routes";
import type { Clock, Instant } from "@omoios/kernel/clock";
import type { AgentId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { agentEnded, hasEnded } from "../agents/model.ts";
import type { NoteRead } from "../cache-counts.ts";
import { cachedRead } from "../cached-read.ts";
import { alone, type Beside, type ChangeOf, type Commit, type RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { Counters, Store, UsedAssertions } from "../store.ts";
import { issueToken, tokenReader } from "./access-token.ts";
import { useAssertion } from "./assertion.ts";
import { authenticate, type Call } from "./authenticate.ts";
import { keyVerbs } from "./key-verbs.ts";
import type { MakeApiKey, PauseRow, TokenKeys } from "./model.ts";
import type { OidcIssuers } from "./oidc.ts";
import { operatorKeys } from "./operator-keys.ts";
import { pause, pauseLane, raiseMail, resume } from "./pause.ts";
import type { Principal } from "./principal.ts";

interface AccessParts {
  store: Store;
  commit: Commit;
  used: UsedAssertions;
  counters: Counters;
  token_keys: TokenKeys;
  issuers: OidcIssuers;
  make_api_key: MakeApiKey;
  /** Names this plane to its agents: in assertions and in access tokens. */
  audience: string;
  clock: Clock;
  note_read?: NoteRead;
  limits: Pick<
    Limits,
    "api_key_cache_ms" | "pause_cache_ms" | "access_token_seconds" | "assertion_seconds" | "clock_tolerance_seconds"
  >;
}

export type Access = ReturnType<typeof accessService>;

/** Who may do what: principals, keys, tokens, and the stage's pause. One for each process, since it keeps what it read for a moment. */
export function accessService(parts: AccessParts) {
  const operators = operatorKeys(parts.store, parts.limits.api_key_cache_ms, parts.note_read);
  const known = { ...parts, operators, read_token: tokenReader(parts.token_keys, parts.audience) };
  return {
    authenticate: (bearer: string, call: Call): Promise<Principal> => authenticate(known, bearer, call),
    buyToken: (ctx: RequestContext, agent_id: AgentId, assertion: string | undefined) =>
      buyToken(parts, ctx, agent_id, assertion),
    ...keyVerbs(parts, (key_id) => operators.forget(key_id)),
    ...pauseVerbs(parts),
  };
}

/** An access token for an assertion, once. Throws `auth.invalid`, `agent.not_found`, `agent.clock`, `agent.not_started` or `agent.ended`. */
async function buyToken(
  parts: AccessParts,
  { now }: RequestContext,
  agent_id: AgentId,
  assertion: string | undefined,
): Promise<RouteReply<"buyToken">> {
  if (assertion === undefined) throw new Problem("auth.invalid", { detail: "The body names no assertion." });
  const { agent, key_id } = await useAssertion(parts, assertion, now, async (signer) => {
    if (signer.agent_id !== agent_id) throw await strangersProblem(parts.store, agent_id);
    if (hasEnded(signer)) throw agentEnded(signer);
    if (signer.status === "SPAWNING") throw new Problem("agent.not_started");
  });
  const seconds = parts.limits.access_token_seconds;
  const access_token = await issueToken({ ...agent, key_id }, parts.token_keys, {
    audience: parts.audience,
    seconds,
    now,
  });
  return { access_token, token_type: "Bearer", expires_in: seconds };
}

async function strangersProblem(store: Store, agent_id: AgentId): Promise<Problem> {
  const named = await store.get("agent", { agent_id });
  if (named === undefined) return new Problem("agent.not_found", { detail: `There is no agent ${agent_id}.` });
  return new Problem("auth.invalid", { detail: "The assertion is another agent's." });
}

function pauseVerbs({ store, commit, clock, limits, note_read }: AccessParts) {
  const known = cachedRead(() => store.get("pause", {}), clock, limits.pause_cache_ms, note_read);
  const set = (
    ctx: RequestContext,
    decide: (before: PauseRow | undefined) => ChangeOf<"pause"> & { after: PauseRow },
    beside: Beside<PauseRow | undefined> = alone("pause"),
  ): Promise<PauseRow> =>
    untilSettled(async () => {
      const before = await store.get("pause", {});
      const change = decide(before);
      const { changes, made } = await beside(before, change.after);
      const [row] = await commit(ctx, [change, ...changes], { made });
      known.forget();
      return row as PauseRow;
    });
  return {
    pause: (ctx: RequestContext, reason: string) => set(ctx, (before) => pause(before, reason, ctx.now)),
    resume: (ctx: RequestContext, reason?: string) => set(ctx, (before) => resume(before, reason)),
    /** Pauses one lane, as of that moment; without one it is open again. Throws `lane.too_many_paused`. */
    pauseLane: (
      ctx: RequestContext,
      lane: string,
      since: Instant | undefined,
      beside: Beside<PauseRow | undefined> = alone("pause"),
    ) => set(ctx, (before) => pauseLane(before, lane, since), beside),
    pauseState: (): Promise<PauseRow | undefined> => store.get("pause", {}),

    /** Whether the stage's claims are paused; up to `pause_cache_ms` old. */
    isPaused: async (): Promise<boolean> => (await known())?.paused === true,

    /** Lanes that are paused by themselves; as old. */
    pausedLanes: async (): Promise<ReadonlySet<string>> => new Set(Object.keys((await known())?.lanes ?? {})),

    /** Whether agents may have messages to acknowledge; as old, and read together with the pause. */
    mail_flag: {
      isUp: async (): Promise<boolean> => ((await known())?.mail_until ?? 0) > clock.now(),
      raise: (ctx: RequestContext): Promise<void> =>
        untilSettled(async () => {
          const change = raiseMail(await store.get("pause", {}), ctx.now);
          if (change !== undefined) await commit(ctx, [change]);
          known.forget();
        }),
    },
  };
}
