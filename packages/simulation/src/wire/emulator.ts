import { connect } from "node:net";

/** What a service answered: the members of its JSON body. */
export interface Answer {
  status: number;
  body: object;
}

/** Asks the emulator. `target` is what the AWS protocols put into `x-amz-target`. */
export type Emulator = (target: string, input: object) => Promise<Answer>;

/** A connection to the emulator, over which texts go. What is asked at once is done one after another. */
export interface Connection {
  emulator(target: string, text: string): Promise<Told>;
  close(): void;
}

interface Told {
  status: number;
  body: string;
}

/** Any signature will do for an emulator; ours says nothing. */
const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=none";

/** Speaks just as much HTTP/1.1 as the emulator does, which a general client would take a third of a run for. */
export function connectTo(endpoint: string): Connection {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const waiting: { resolve(told: Told): void; reject(error: Error): void }[] = [];
  let received: Buffer = Buffer.alloc(0);
  socket.on("data", (part: Buffer) => {
    received = received.length === 0 ? part : Buffer.concat([received, part]);
    for (let next = firstIn(received); next !== undefined; next = firstIn(received)) {
      received = received.subarray(next.length);
      waiting.shift()?.resolve(next);
    }
  });
  let broken: Error | undefined;
  const lost = (error: Error) => {
    broken ??= error;
    for (const { reject } of waiting.splice(0)) reject(broken);
  };
  socket.on("error", lost);
  socket.on("close", () => lost(new Error("The emulator closed its connection")));
  const head = `POST / HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: ${AUTHORIZATION}\r\nx-amz-date: 20260101T000000Z\r\n`;
  return {
    emulator: (target, text) =>
      new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        waiting.push({ resolve, reject });
        const length = Buffer.byteLength(text);
        const headers = `x-amz-target: ${target}\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: ${length}`;
        // What is asked at once goes out at once.
        socket.cork();
        socket.write(`${head}${headers}\r\n\r\n${text}`);
        process.nextTick(() => socket.uncork());
      }),
    close: () => socket.destroy(),
  };
}

/** The first answer, once all of it was received, and how many bytes it took. */
function firstIn(received: Buffer): (Told & { length: number }) | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = received.toString("latin1", 0, end);
  const bytes = Number(/^content-length: *(\d+)/im.exec(head)?.[1]);
  if (Number.isNaN(bytes)) throw new Error(`The emulator gave no length: ${head}`);
  const length = end + 4 + bytes;
  if (received.length < length) return undefined;
  return { status: Number(head.slice(9, 12)), body: received.toString("utf8", end + 4, length), length };
}

/**
 * The emulator, for one run. Each run has tables of its own in it, by other names than the run knows them by: the stream of a table goes
 * on with what one of the same name held before it.
 */
export function emulatorFor(connection: Connection, names: Readonly<Record<string, string>>): Emulator {
  const renames = Object.entries(names).map(([known, own]) => [JSON.stringify(known), JSON.stringify(own)] as const);
  return async (target, input) => {
    const asked = renames.reduce((text, [known, own]) => text.replaceAll(known, own), JSON.stringify(input));
    const told = await connection.emulator(target, asked);
    const body = renames.reduce((text, [known, own]) => text.replaceAll(own, known), told.body);
    return { status: told.status, body: inOrder(JSON.parse(body)) };
  };
}

/** The emulator writes the members of its answers in an order that changes from run to run; ours is always the same. */
function inOrder(body: object): object {
  const answer: { Responses?: Record<string, Keyed[]> } = sorted(body);
  for (const items of Object.values(answer.Responses ?? {})) items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return answer;
}

interface Keyed {
  pk?: { S: string };
  sk?: { S: string };
}

const keyOf = ({ pk, sk }: Keyed): string => `${pk?.S}|${sk?.S}`;

/** The same with its members by name, all the way down. */
export function sorted<T>(value: T): T {
  return ordered(value) as T;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  const named: Record<string, unknown> = {};
  for (const name of Object.keys(members).sort()) named[name] = ordered(members[name]);
  return named;
}

/** Asks the emulator directly, past the simulation. Throws for anything but success. */
export async function ask<T extends object>(emulator: Emulator, target: string, input: object): Promise<T> {
  const { status, body } = await emulator(target, input);
  if (status !== 200) throw new Error(`The emulator refused ${target}: ${status} ${JSON.stringify(body)}`);
  return body as T;
}
