import { Agent, request } from "node:http";

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

export function connectTo(endpoint: string): { emulator: Emulator; close: () => void } {
  const { hostname, port } = new URL(endpoint);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const emulator: Emulator = (target, body) =>
    new Promise((resolve, reject) => {
      const headers = {
        "x-amz-target": target,
        "x-amz-date": "20260101T000000Z",
        authorization: AUTHORIZATION,
        "content-type": "application/x-amz-json-1.0",
        "content-length": Buffer.byteLength(body),
      };
      const call = request({ hostname, port, method: "POST", agent, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: inOrder(text) }));
        response.on("error", reject);
      });
      call.on("error", reject);
      call.end(body);
    });
  return { emulator, close: () => agent.destroy() };
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
