import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isRefusedCondition } from "@omoios/adapters/dynamodb/errors";

/** Requests to the tables and what they consumed. */
export interface Demand {
  /** Each try by itself. */
  requests: number;
  /** Write request units: a transaction's writes cost two, each write of an index one. */
  wru: number;
  rru: number;
  /** Writes that were refused because their condition did not hold. */
  failed_conditions: number;
}

/** What one call of a function asked of AWS. */
export interface Use {
  tables: Demand;
  /** Of the tables, what filled caches again: hints of lanes, lanes and classes and their pairs, the pause flag. Not in `tables`. */
  refills: Demand;
  /** Of the tables, shares of rate limits, which serve many calls. Not in `tables`. */
  shares: Demand;
  sqs_requests: number;
  log_bytes: number;
}

const noDemand = (): Demand => ({ requests: 0, wru: 0, rru: 0, failed_conditions: 0 });
export const noUse = (): Use => ({
  tables: noDemand(),
  refills: noDemand(),
  shares: noDemand(),
  sqs_requests: 0,
  log_bytes: 0,
});

const current = new AsyncLocalStorage<Use>();

/** Runs a call and counts what it asked for, whatever else runs beside it. */
export function metered<T>(use: Use, work: () => Promise<T>): Promise<T> {
  return current.run(use, work);
}

/** Counts for the calls of this process from now on. To be called once, before any client is made. */
export function startMeter(): void {
  meterTables();
  meterQueues();
  meterLog();
}

const WRITES = /^(Put|Update|Delete|BatchWrite|TransactWrite)/;
/** Keys of the rows that processes keep for a while: hints of lanes, pairs of a class, the stage's pause flag, all lanes and classes. */
const CACHED = /"(hint#\w+|class#\w+|plane|lanes|classes)"/;
const SHARE = /"pk":"rate#/;

/** Handlers make their own clients, as in Lambda; each document client of this process gets the meter as it is made. */
function meterTables(): void {
  const from = DynamoDBDocumentClient.from;
  const cached = new WeakSet<object>();
  const shares = new WeakSet<object>();
  DynamoDBDocumentClient.from = (client, config) => {
    client.middlewareStack.add(
      (next, context) => (args) => {
        const input = JSON.stringify(args.input);
        if (CACHED.test(input)) cached.add(context);
        if (SHARE.test(input)) shares.add(context);
        Object.assign(args.input, { ReturnConsumedCapacity: "TOTAL" });
        return next(args);
      },
      { step: "initialize", name: "askForCapacity" },
    );
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const add = (units: number, failed_conditions: number) => {
          const use = current.getStore();
          if (use === undefined) return;
          const isWrite = WRITES.test(context.commandName ?? "");
          const kept = cached.has(context) && !isWrite ? use.refills : use.tables;
          const demand = shares.has(context) ? use.shares : kept;
          demand.requests += 1;
          demand[isWrite ? "wru" : "rru"] += units;
          demand.failed_conditions += failed_conditions;
        };
        try {
          const answer = await next(args);
          add(unitsOf(answer.output ?? {}), 0);
          return answer;
        } catch (error) {
          // A refused write is paid by its item's size, and the rows that conditions are about have 1 KB at most.
          const refused = isRefusedCondition(error) ? 1 : 0;
          add(refused, refused);
          throw error;
        }
      },
      { step: "deserialize", priority: "high", name: "countCapacity" },
    );
    return from.call(DynamoDBDocumentClient, client, config);
  };
}

interface Consumed {
  ConsumedCapacity?: { CapacityUnits?: number } | { CapacityUnits?: number }[];
}

function unitsOf(output: object): number {
  const { ConsumedCapacity: consumed = [] } = output as Consumed;
  return [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

function meterQueues(): void {
  subscribe("http.client.request.start", (message) => {
    const use = current.getStore();
    const { request } = message as { request: ClientRequest };
    if (use !== undefined && String(request.getHeader("x-amz-target")).startsWith("AmazonSQS.")) use.sqs_requests += 1;
  });
}

/** What a function prints is a line of its log: counted, and shown where it warns. */
function meterLog(): void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    const use = current.getStore();
    if (use === undefined) return write(chunk, ...rest);
    use.log_bytes += Buffer.byteLength(chunk);
    return String(chunk).includes('"level":"INFO"') || process.stderr.write(chunk);
  }) as typeof process.stdout.write;
}
