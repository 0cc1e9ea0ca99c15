import { randomUUID } from "node:crypto";
import type { FunctionRow } from "@omoios/contracts/topology-types";
import type { Context } from "aws-lambda";

/** What a deployed module exports as `handler`. */
export type Handler = (event: never, context: Context) => Promise<unknown>;

/** A deployed function, as its event sources see it. */
export interface LocalFunction {
  row: FunctionRow;
  arn: string;
  /** Calls the handler. @throws what the handler throws, and FunctionTimeout when it takes longer than its row allows. */
  invoke(event: unknown): Promise<unknown>;
}

/** The handler ran longer than its row allows. Lambda would have ended it; here it runs on, and its answer goes nowhere. */
export class FunctionTimeout extends Error {
  override readonly name = "FunctionTimeout";
}

export interface FunctionSetting {
  region: string;
  account: string;
  /** Called after every invocation: there may be news in the streams. */
  settled(): void;
  /** Called with its name when an invocation begins; gives what is called at its end. */
  began?: ((name: string) => () => void) | undefined;
}

export function localFunction(row: FunctionRow, handler: Handler, setting: FunctionSetting): LocalFunction {
  const arn = `arn:aws:lambda:${setting.region}:${setting.account}:function:${row.name}`;
  return {
    row,
    arn,
    invoke: async (event) => {
      let timer: NodeJS.Timeout | undefined;
      const ended = setting.began?.(row.name);
      const timeout = new Promise<never>((_, reject) => {
        const late = () => reject(new FunctionTimeout(`${row.name} took longer than ${row.timeout_seconds} s`));
        timer = setTimeout(late, row.timeout_seconds * 1000);
      });
      try {
        return await Promise.race([handler(event as never, contextOf(row, arn)), timeout]);
      } finally {
        clearTimeout(timer);
        ended?.();
        setting.settled();
      }
    },
  };
}

function contextOf(row: FunctionRow, arn: string): Context {
  const until = performance.now() + row.timeout_seconds * 1000;
  const ignored = () => undefined;
  return {
    awsRequestId: randomUUID(),
    functionName: row.name,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    memoryLimitInMB: String(row.memory_mb),
    logGroupName: `/aws/lambda/${row.name}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(until - performance.now())),
    done: ignored,
    fail: ignored,
    succeed: ignored,
  };
}
