import { runPlane } from "./command.ts";
import { stageWork } from "./stage-work.ts";

await runPlane(process.argv.slice(2), stageWork);
