import { isDeepStrictEqual } from "node:util";
import type { Instant } from "@omoios/kernel/clock";
import type { Changes, Image } from "./changes.ts";
import { type Answer, type Emulator, sorted } from "./emulator.ts";
import { knownPulse } from "./known-pulse.ts";
import { COMPARED_ONE_IN, knownAnswer } from "./known-reads.ts";
import { agedAnswer, agedItems, type QueryAnswer, recentChanges } from "./old-reads.ts";
import type { Service } from "./wire.ts";
import { writtenKeys } from "./written.ts";

/** Changes a request on its way to the tables: how a build without some condition would have written it. */
export type Rewrite = (operation: string, input: Record<string, unknown>) => void;

interface Tables {
  emulator: Emulator;
  changes: Changes;
  names: { state: string; pulse: string };
  now(): Instant;
  rewrite?: Rewrite | undefined;
}

/** The tables as DynamoDB would show them: the emulator's own answers, with indexes and weak reads up to two seconds old. */
export function tablesService({ emulator, changes, names, now, rewrite }: Tables): Service {
  const { state } = names;
  const pulse = knownPulse(names.pulse);
  let known = 0;

  /** An update tells what it made of its item, a put brings it, and a delete leaves none; after other writes the stream tells. */
  const told = async (operation: string, input: Input): Promise<Answer> => {
    const answer = await emulator(`DynamoDB_20120810.${operation}`, input);
    if (answer.status !== 200 || writtenKeys(operation, input, state).length === 0) return answer;
    const { Attributes } = answer.body as { Attributes?: Image };
    if (operation === "UpdateItem" && input.ReturnValues === "ALL_NEW" && Attributes !== undefined)
      changes.take(input.Key as Image, Attributes, now());
    else if (operation === "PutItem") {
      const image = sorted(input.Item as Keyed);
      changes.take({ pk: image.pk, sk: image.sk }, image, now());
    } else if (operation === "DeleteItem") changes.take(sorted(input.Key as Image), undefined, now());
    else await changes.pull(now());
    return answer;
  };

  const answered = async (operation: string, input: Input): Promise<Answer> => {
    const body = knownAnswer(operation, input, state, changes) ?? pulse.answerTo(operation, input);
    if (body !== undefined && ++known % COMPARED_ONE_IN !== 0) return { status: 200, body };
    const answer = await told(operation, input);
    if (body !== undefined && !isDeepStrictEqual(answer.body, body))
      throw new Error(`The emulator says ${JSON.stringify(answer.body)}, and before it told ${JSON.stringify(body)}`);
    pulse.learn(operation, input, answer.body);
    return answer;
  };

  return async (operation, input, half) => {
    rewrite?.(operation, input);
    if (operation === "BatchWriteItem" && half) return halfWritten(answered, input as never);
    if (operation === "UpdateItem" && input.ReturnValues === undefined)
      return withoutValues(await answered(operation, { ...input, ReturnValues: "ALL_NEW" }));
    const aged = operation === "Query" && input.TableName === state && input.IndexName !== undefined;
    // Entries that are to be left out must not take the place of others on the page.
    const more = aged && input.Limit !== undefined ? recentChanges(changes, now()) : 0;
    const answer = await answered(operation, more === 0 ? input : { ...input, Limit: Number(input.Limit) + more });
    if (answer.status !== 200) return answer;
    if (aged)
      return again(answer, (found: QueryAnswer) => limited(agedAnswer(input as never, found, changes, now()), input));
    const weak = operation === "BatchGetItem" ? weakRead(input, state) : undefined;
    if (weak === undefined) return answer;
    return again(answer, (found: { Responses: Record<string, Image[]> }) => ({
      ...found,
      Responses: { [state]: agedItems(found.Responses[state] ?? [], weak.Keys, changes, now()) },
    }));
  };
}

type Input = Record<string, unknown>;
type Keyed = Image & Record<"pk" | "sk", Image[string]>;

interface Keys {
  Keys: Image[];
  ConsistentRead?: boolean;
}

function weakRead({ RequestItems }: { RequestItems?: unknown }, state: string): Keys | undefined {
  const wanted = (RequestItems as Record<string, Keys>)[state];
  return wanted?.ConsistentRead === true ? undefined : wanted;
}

const limited = (answer: QueryAnswer, { Limit }: { Limit?: unknown }): QueryAnswer =>
  Limit === undefined ? answer : { ...answer, Items: answer.Items.slice(0, Number(Limit)) };

const again = <T>({ status, body }: Answer, change: (found: T) => object): Answer => ({
  status,
  body: change(body as T),
});

/** What the simulation asked to be told for itself. */
function withoutValues({ status, body }: Answer): Answer {
  const { Attributes: _, ...asked } = body as { Attributes?: Image };
  return { status, body: status === 200 ? asked : body };
}

/** A batch of which the service left a part undone, as it may. */
async function halfWritten(
  write: (operation: string, input: Input) => Promise<Answer>,
  { RequestItems }: { RequestItems: Record<string, unknown[]> },
): Promise<Answer> {
  const [[table, requests] = ["", []]] = Object.entries(RequestItems);
  const cut = Math.ceil(requests.length / 2);
  const answer = await write("BatchWriteItem", { RequestItems: { [table]: requests.slice(0, cut) } });
  const left = requests.slice(cut);
  if (answer.status !== 200 || left.length === 0) return answer;
  return again(answer, (found: object) => ({ ...found, UnprocessedItems: { [table]: left } }));
}
