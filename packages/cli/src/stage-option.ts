import { type Command, InvalidArgumentError } from "commander";
import { isStageName, STAGE_NAME_RULE } from "../../../stacks/names.ts";

/** The stage in the account that a command is about. */
export const stageOption = (made: Command): Command => made.requiredOption("--stage <name>", "the stage", stageName);

/** Reads a stage's name. */
export function stageName(text: string): string {
  if (!isStageName(text)) throw new InvalidArgumentError(`It ${STAGE_NAME_RULE}.`);
  return text;
}
