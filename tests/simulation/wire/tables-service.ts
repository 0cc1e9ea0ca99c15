import type { Instant } from "@omoios/kernel/clock";
import type { Changes, Image } from "./changes.ts";
import type { Answer, Emulator } from "./emulator.ts";
import { COMPARED_ONE_IN, knownAnswer, recentChanges } from "./known-reads.ts";
import { agedAnswer, agedItems, type QueryAnswer } from "./old-reads.ts";
import type { Service } from "./wire.ts";

/** Changes a request on its way to the tables: how a build without some condition would have written it. */
export type Rewrite = (operation: string, input: Record<string, unknown>) => void;

interface Tables {
  emulator: Emulator;
  changes: Changes;
  state: string;
  now(): Instant;
  rewrite?: Rewrite | undefined;
}

const WRITES = new Set(["PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"]);

/** The tables as DynamoDB would show them: the emulator's own answers, with indexes and weak reads up to two seconds old. */
export function tablesService(tables: Tables): Service {
  const { emulator, changes, state } = tables;
  let known = 0;

  const answered = async (operation: string, input: Record<string, unknown>): Promise<Answer> => {
    const answer = knownAnswer(operation, input, state, changes);
    if (answer !== undefined && ++known % COMPARED_ONE_IN !== 0) return answer;
    const told = await emulator(`DynamoDB_20120810.${operation}`, JSON.stringify(input));
    if (answer !== undefined && told.body !== answer.body)
      throw new Error(`The emulator says ${told.body}, and its stream told ${answer.body}`);
    return told;
  };

  return async (operation, body, half) => {
    const input = JSON.parse(body);
    tables.rewrite?.(operation, input);
    if (operation === "BatchWriteItem" && half) return halfWritten(tables, input);
    const aged = operation === "Query" && input.TableName === state && input.IndexName !== undefined;
    // Entries that are to be left out must not take the place of others on the page.
    const asked =
      aged && input.Limit !== undefined
        ? { ...input, Limit: input.Limit + recentChanges(changes, tables.now()) }
        : input;
    const answer = await answered(operation, asked);
    if (answer.status !== 200) return answer;
    if (WRITES.has(operation) && body.includes(`"${state}"`)) await changes.pull(tables.now());
    if (aged)
      return again(answer, (found: QueryAnswer) =>
        limited(agedAnswer(input, found, changes, tables.now()), input.Limit),
      );
    const weak = operation === "BatchGetItem" ? input.RequestItems[state] : undefined;
    if (weak === undefined || weak.ConsistentRead === true) return answer;
    return again(answer, (found: { Responses: Record<string, Image[]> }) => ({
      ...found,
      Responses: { [state]: agedItems(found.Responses[state] ?? [], weak.Keys, changes, tables.now()) },
    }));
  };
}

const limited = <T extends { Items: Image[] }>(answer: T, limit: number | undefined): T =>
  limit === undefined ? answer : { ...answer, Items: answer.Items.slice(0, limit) };

function again<T>({ status, body }: Answer, change: (found: T) => unknown): Answer {
  return { status, body: JSON.stringify(change(JSON.parse(body) as T)) };
}

/** A batch of which the service left a part undone, as it may. */
async function halfWritten(
  { emulator, changes, state, now }: Tables,
  input: { RequestItems: Record<string, unknown[]> },
): Promise<Answer> {
  const [[table, requests] = ["", []]] = Object.entries(input.RequestItems);
  const cut = Math.ceil(requests.length / 2);
  const done = JSON.stringify({ RequestItems: { [table]: requests.slice(0, cut) } });
  const answer = await emulator("DynamoDB_20120810.BatchWriteItem", done);
  if (answer.status !== 200) return answer;
  if (table === state) await changes.pull(now());
  const left = requests.slice(cut);
  return left.length === 0
    ? answer
    : again(answer, (found: object) => ({ ...found, UnprocessedItems: { [table]: left } }));
}
