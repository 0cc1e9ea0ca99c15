import { connect } from "node:net";

/** What a service answered. */
export interface Answer {
  status: number;
  body: string;
}

/** One connection to the emulator, for one request at a time. `target` is what the AWS protocols put into `x-amz-target`. */
export type Emulator = (target: string, body: string) => Promise<Answer>;

/** Any signature will do for an emulator; ours says nothing. */
const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=none";

/** Speaks just as much HTTP/1.1 as the emulator does, which a general client would take a third of a run for. */
export function connectTo(endpoint: string): { emulator: Emulator; close: () => void } {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  let received = "";
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;
  // Latin 1 keeps a byte a character, so that lengths count bytes.
  socket.setEncoding("latin1");
  socket.on("data", (part: string) => {
    received += part;
    const answer = answerIn(received);
    if (answer === undefined) return;
    received = "";
    waiting?.resolve(answer);
    waiting = undefined;
  });
  const lost = (error: Error) => waiting?.reject(error);
  socket.on("error", lost);
  socket.on("close", () => lost(new Error("The emulator closed its connection")));
  const head = `POST / HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: ${AUTHORIZATION}\r\nx-amz-date: 20260101T000000Z\r\n`;
  const emulator: Emulator = (target, body) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      const length = Buffer.byteLength(body);
      const headers = `x-amz-target: ${target}\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: ${length}`;
      socket.write(`${head}${headers}\r\n\r\n${body}`, "utf8");
    });
  return { emulator, close: () => socket.destroy() };
}

/** The answer, once all of it was received. */
function answerIn(received: string): Answer | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const length = Number(/^content-length: *(\d+)/im.exec(received.slice(0, end))?.[1]);
  if (Number.isNaN(length)) throw new Error(`The emulator gave no length: ${received.slice(0, end)}`);
  const body = received.slice(end + 4);
  if (body.length < length) return undefined;
  return { status: Number(received.slice(9, 12)), body: inOrder(Buffer.from(body, "latin1").toString()) };
}

/** The emulator writes the members of its answers in an order that changes from run to run; ours is always the same. */
function inOrder(text: string): string {
  const answer = sorted(JSON.parse(text)) as { Responses?: Record<string, Keyed[]> };
  for (const items of Object.values(answer.Responses ?? {})) items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return JSON.stringify(answer);
}

interface Keyed {
  pk?: { S: string };
  sk?: { S: string };
}

const keyOf = ({ pk, sk }: Keyed): string => `${pk?.S}|${sk?.S}`;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const name of Object.keys(members).sort()) ordered[name] = sorted(members[name]);
  return ordered;
}

/** Asks the emulator directly, past the simulation. Throws for anything but success. */
export async function ask<T>(emulator: Emulator, target: string, input: unknown): Promise<T> {
  const { status, body } = await emulator(target, JSON.stringify(input));
  if (status !== 200) throw new Error(`The emulator refused ${target}: ${status} ${body}`);
  return JSON.parse(body) as T;
}
