import { setTimeout as sleep } from "node:timers/promises";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { FunctionName } from "../../packages/contracts/src/topology-types.ts";
import type { Names } from "../../stacks/names.ts";
import { denials, logLines } from "./denials.ts";
import { leaks } from "./leaks.ts";

/** The schedule is due each minute. */
const SCHEDULE_WITHIN_MS = 150_000;

/** @throws unless the clock has started the sweep, which nothing else starts */
export async function scheduleRan(names: Names): Promise<void> {
  const until = Date.now() + SCHEDULE_WITHIN_MS;
  while (Date.now() < until) {
    for await (const { message } of logLines(`/aws/lambda/${names.function("sweep")}`)) {
      if (message.startsWith("REPORT ")) return;
    }
    await sleep(500);
  }
  throw new Error("the schedule did not start the sweep");
}

/** @throws where a log tells of a right that a function lacked, or holds a secret, as a template must not either */
export async function checkLogs(names: Names, assembly: string, operator_key: string): Promise<void> {
  const denied = await denials(`/aws/lambda/${names.only("")}`);
  if (denied.length > 0) throw new Error(`functions lack rights: ${denied.join(", ")}`);
  const leaked = await leaks(names, assembly, [operator_key]);
  if (leaked.length > 0) throw new Error(`a secret stands in ${leaked.join(", ")}`);
}

/** @throws unless a function has the memory that a changed configuration gives it */
export async function checkMemory(names: Names, changed: { function: FunctionName; memory_mb: number }): Promise<void> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: names.function(changed.function) });
  const { MemorySize } = await new LambdaClient({}).send(command);
  if (MemorySize !== changed.memory_mb) throw new Error(`${changed.function} has ${MemorySize} MB.`);
}
