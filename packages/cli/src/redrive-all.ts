import { ApiProblem } from "@omoios/sdk/api-problem";
import type { Cli } from "./cli.ts";
import { EXIT } from "./failure.ts";
import { WrongUse } from "./wrong-use.ts";

/** How often a long redrive says how far it is, in letters. */
const TOLD_EACH = 100;

/** Throws `WrongUse` unless a call names one dead letter or asks for all. */
export function oneOrAll(id: string | undefined, all: boolean | undefined): void {
  if ((id === undefined) !== (all === true))
    throw new WrongUse("name one dead letter, or say --all for every open one");
}

/**
 * Redrives every dead letter that is open, newest first, and shows what came of it. One that the plane refuses, because somebody else
 * was quicker or its ticket is over, stays as it is and makes the exit code 1.
 * @param says what a redriven one came to, for people
 */
export async function redriveAll<Letter>(
  cli: Cli,
  open: AsyncIterable<{ id: string }>,
  redrive: (id: string) => Promise<Letter>,
  says: (letter: Letter) => string,
): Promise<number> {
  const redriven: Letter[] = [];
  const refused: { id: string; code: string; detail: string }[] = [];
  for await (const { id } of open) {
    try {
      redriven.push(await redrive(id));
    } catch (failure) {
      if (!(failure instanceof ApiProblem) || failure.status !== 409) throw failure;
      refused.push({ id, code: failure.code, detail: failure.detail ?? failure.title });
    }
    const done = redriven.length + refused.length;
    if (done % TOLD_EACH === 0) cli.note(`${done} so far`);
  }
  cli.show({ redriven, refused }, () =>
    [
      ...redriven.map(says),
      ...refused.map(({ id, detail }) => `${id} stays: ${detail}`),
      `${redriven.length} redriven, ${refused.length} left as they are`,
    ]
      .map((line) => `${line}\n`)
      .join(""),
  );
  return refused.length > 0 ? EXIT.no : EXIT.done;
}
