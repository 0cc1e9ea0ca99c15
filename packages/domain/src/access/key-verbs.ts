import type { RouteInput } from "@omoios/contracts/routes";
import { fromRfc3339 } from "@omoios/kernel/clock";
import { isId } from "@omoios/kernel/ids";
import { expectAccepted, type Outcome } from "@omoios/kernel/outcome";
import { invariant, Problem } from "@omoios/kernel/problem";
import type { Change, Commit, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { Counters, Page, PageOptions, Store } from "../store.ts";
import { makeKey, makeRegistrationKey, revokeKey } from "./api-key.ts";
import type { ApiKeyRow, MakeApiKey } from "./model.ts";
import type { Principal } from "./principal.ts";

interface KeyParts {
  store: Store;
  commit: Commit;
  counters: Counters;
  make_api_key: MakeApiKey;
}

type Wanted = RouteInput<"createApiKey">["body"];
type Operator = Extract<Principal, { kind: "operator" }>;

const registrations = (key_id: string): string => `registrations#${key_id}`;

/** Keys of people and services, and keys that register agents. */
export function keyVerbs({ store, commit, counters, make_api_key }: KeyParts, forget: (key_id: string) => void) {
  return {
    /** Makes a key. Its secret is in this answer alone. Throws `auth.forbidden`, `auth.authority_too_low` or `request.invalid`. */
    async createKey(ctx: RequestContext, maker: Principal, wanted: Wanted) {
      invariant(maker.kind === "operator", "keys are made by operators");
      const api_key = make_api_key(wanted.kind);
      const after = expectAccepted(rowOf(api_key, wanted, maker, ctx));
      const change: Change = { kind: "api_key", after, events: [{ type: "access.key_created" }] };
      await commit(ctx, [change], { made: after.key_id });
      return { key_id: after.key_id, api_key };
    },

    /** Newest first. */
    listKeys: (options: PageOptions): Promise<Page<ApiKeyRow>> =>
      store.list("api_key", "api_keys", { ...options, newest_first: true }),

    /** Revokes a key: at once in this process, and in others when what they read has become old. */
    revokeKey: (ctx: RequestContext, key_id: string): Promise<ApiKeyRow> =>
      untilSettled(async () => {
        const key = isId("apiKey", key_id) ? await store.get("api_key", { key_id }) : undefined;
        if (key === undefined) throw new Problem("api_key.not_found");
        const change = revokeKey(key, ctx.now);
        if (change === undefined) return key;
        const [row] = await commit(ctx, [change]);
        forget(key_id);
        return row as ApiKeyRow;
      }),

    /** Takes one use of a registration key; other principals need none. Throws `auth.key_used_up`. */
    async spendRegistration(principal: Principal | undefined): Promise<void> {
      if (principal?.kind !== "registration") return;
      // An atomic counter: however many ask at once, each number is given to one of them.
      if ((await counters.next(registrations(principal.actor.id))) > principal.uses) {
        throw new Problem("auth.key_used_up", { detail: `It was good for ${principal.uses}.` });
      }
    },

    /** How many of its uses a registration key has spent. */
    registered: async (key_id: string, uses: number): Promise<number> =>
      Math.min(uses, await counters.last(registrations(key_id))),
  };
}

function rowOf(api_key: string, wanted: Wanted, maker: Operator, { now }: RequestContext): Outcome<ApiKeyRow> {
  const { kind, name, scopes = [], authority, uses = 0, expires_at = "" } = wanted;
  if (kind === "operator") return makeKey(api_key, { name, scopes, authority }, maker, now);
  return makeRegistrationKey(api_key, { name, uses, expires_at: fromRfc3339(expires_at) ?? now }, maker.actor, now);
}
