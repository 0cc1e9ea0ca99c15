import type { CallRequest } from "@omoios/sdk/client";
import type { Command } from "commander";
import { collect, commaList, wholeNumber } from "../../parse-option.ts";

/** What an agent says of itself when it registers. */
export interface AgentOptions {
  phases: string[];
  capabilities: string[];
  type?: CallRequest<"registerAgent">["body"]["agent_type"];
  capacity?: number;
  tag?: string[];
  owner?: string;
}

export const agentOptions = (made: Command): Command =>
  made
    .option("--phases <a,b>", "phases whose tasks it takes", commaList, [])
    .option("--capabilities <a,b>", "what it can do", commaList, [])
    .option("--type <word>", "worker, validator, monitor, watchdog or guardian; worker unless given")
    .option("--capacity <number>", "tasks at once; 1 unless given", wholeNumber)
    .option("--tag <word>", "may be given several times", collect)
    .option("--owner <name>", "person or team that answers for it");
