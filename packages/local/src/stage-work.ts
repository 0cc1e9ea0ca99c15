import type { StartWork } from "./plane.ts";

/** What the plane does for its domain at a start. Loaded late: the stage's adapters read the environment that the start makes. */
export const stageWork: Pick<StartWork, "prepare" | "republish" | "notices" | "ended"> = {
  prepare: async (places, operatorKey) => (await import("@omoios/app/stage")).prepareStage(places, operatorKey),
  republish: async (places) => {
    await (await import("@omoios/app/stage")).republish(places);
  },
  notices: async (places, configuration) => (await import("@omoios/app/stage")).displacedNotices(places, configuration),
  ended: async () => (await import("@omoios/app/observe/traces")).closeTraces(),
};
