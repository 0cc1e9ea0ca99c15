import { newStageKeys } from "@omoios/adapters/keys/make-keys";
import { parseStageKeys } from "@omoios/adapters/keys/stage-key-list";
import type { TokenKeys } from "@omoios/domain/access/model";
import type { AuditKeys } from "@omoios/domain/audit/model";
import type { Instant } from "@omoios/kernel/clock";

/** A stage's keys that are kept nowhere. */
export function memoryStageKeys(now: Instant): TokenKeys & AuditKeys {
  const keys = parseStageKeys(newStageKeys(now), "the test's keys");
  return {
    async newest() {
      const [newest] = keys;
      if (newest === undefined) throw new Error("There are no keys");
      return newest;
    },
    all: async () => keys,
    find: async (kid) => keys.find((key) => key.kid === kid),
  };
}
