import type { Instant } from "@omoios/kernel/clock";
import type { Changes, Image } from "./changes.ts";
import type { Answer, Emulator } from "./emulator.ts";
import { COMPARED_ONE_IN, knownAnswer } from "./known-reads.ts";
import { agedAnswer, agedItems, type QueryAnswer, recentChanges } from "./old-reads.ts";
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
  const { emulator, changes, state, now } = tables;
  const pulse = knownPulse();
  let known = 0;

  /** What a write did to the state table is asked for together with it: the emulator does one after the other. */
  const written = async (operation: string, input: object): Promise<Answer> => {
    const answer = emulator(`${API}.${operation}`, input);
    if (names(state, operation, input)) await changes.pull(now());
    return answer;
  };

  const read = async (operation: string, input: object): Promise<Answer> => {
    const body = knownAnswer(operation, input, state, changes) ?? pulse.answerTo();
    if (body !== undefined && ++known % COMPARED_ONE_IN !== 0) return { status: 200, body };
    const told = await emulator(`${API}.${operation}`, input);
    if (body !== undefined && !isDeepStrictEqual(told.body, body))
      throw new Error(`The emulator says ${JSON.stringify(told.body)}, and its stream told ${JSON.stringify(body)}`);
    return told;
  };
