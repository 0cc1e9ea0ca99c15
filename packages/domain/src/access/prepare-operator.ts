import { SCOPES } from "@omoios/contracts/shapes/access";
import type { ApiKeyId } from "@omoios/kernel/ids";
import type { Commit, RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import type { Store } from "../store.ts";
import { fingerprint, keyKind } from "./api-key.ts";

/**
 * Makes the row of the stage's first operator key, with every scope and the highest authority, unless it is there; one that was
 * revoked stays so. Throws a plain error for a text that is no key.
 */
export async function prepareOperator(
  commit: Commit,
  store: Store,
  ctx: RequestContext,
  api_key: string,
): Promise<ApiKeyId> {
  if (keyKind(api_key) !== "operator") {
    throw new Error("The operator key must be omoi_sk_ followed by 32 to 200 letters and digits.");
  }
  const { key_id, sha256 } = fingerprint(api_key);
  return untilSettled(async () => {
    if ((await store.get("api_key", { key_id })) !== undefined) return key_id;
    const after = {
      version: 0,
      key_id,
      sha256,
      name: "operator",
      scopes: [...SCOPES],
      authority: "SYSTEM" as const,
      created_at: ctx.now,
      created_by: ctx.actor.id,
    };
    await commit(ctx, [{ kind: "api_key", after, events: [{ type: "access.key_created" }] }]);
    return key_id;
  });
}
