import { runPlane } from "./command.ts";

await runPlane(process.argv.slice(2), {
  // Loaded late: the stage's adapters read the environment that the start makes.
  prepare: async (places, operatorKey) => (await import("@omoios/app/stage")).prepareStage(places, operatorKey),
  republish: async (places) => {
    await (await import("@omoios/app/stage")).republish(places);
  },
  ended: async () => (await import("@omoios/app/observe/traces")).closeTraces(),
});
