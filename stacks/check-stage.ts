import { join } from "node:path";
import { namesOf } from "./names.ts";
import { type Settings, settingsOf } from "./settings.ts";

/** The file of the stages' settings: `config/stages.yaml`, or the one that `OMOI_STAGES_FILE` names. */
const stagesFile = (root: string) => process.env.OMOI_STAGES_FILE || join(root, "config", "stages.yaml");

/**
 * Judges what a person wrote for a stage: its name and its settings.
 * @throws with every fault and its place
 */
export function checkStage(stage: string, root: string): Settings {
  namesOf(stage);
  return settingsOf(stage, stagesFile(root));
}
