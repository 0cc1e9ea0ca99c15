import type { Chance } from "../chance.ts";
import type { Process } from "../processes.ts";
import type { Trace } from "../trace.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Answer } from "./emulator.ts";
import { type Fault, type Faults, possibleFaults } from "./faults.ts";
import { conflict, connectionLost, throttled } from "./refusals.ts";

/** A service behind the clients: answers one operation, now, as it would in AWS. `half` leaves a part of a batch undone. */
export type Service = (operation: string, input: Record<string, unknown>, half: boolean) => Answer | Promise<Answer>;

export interface WireRequest {
  headers: Record<string, string>;
  body?: unknown;
}

export interface WireResponse {
  response: { statusCode: number; headers: Record<string, string>; body: Uint8Array };
}

export interface WireParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  trace: Trace;
  service: Service;
}

/** Sends a client's request in the name of a process. */
export type Wire = (request: WireRequest, process: Process) => Promise<WireResponse>;

/**
 * The way from the AWS clients to their services: each request waits for its turn in virtual time and then has the world for itself.
 * Around it things go wrong.
 */
export function wire(parts: WireParts): Wire {
  const { time, chance, faults, trace, service } = parts;

  const turn = async (operation: string, asked: string, process: Process, fault: Fault | undefined): Promise<Told> => {
    if (fault === "throttled") return told(throttled());
    const input = JSON.parse(asked);
    if (fault === "conflict") return told(conflict(operation, input));
    const { status, text } = told(await service(operation, input, fault === "half_done"));
    trace.note(`${time.now()} ${process.name} ${operation} ${withoutTokens(asked)} ${status} ${text}`);
    return { status, text };
  };

  return (request, process) => {
    const operation = targetOf(request).split(".").at(-1) ?? "";
    const asked = textOf(request);
    return new Promise((resolve, reject) => {
      time.after(travelMs(chance), async () => {
        if (process.dead) {
          // What a process sent before its end may arrive all the same.
          if (chance.percent(50)) await turn(operation, asked, process, undefined);
          return;
        }
        const fault = faults.ofRequest(possibleFaults(operation), operation);
        if (fault !== undefined) trace.note(`${time.now()} ${process.name} ${operation} ${fault}`);
        if (fault === "crash_before") return process.die();
        const answer = await turn(operation, asked, process, fault);
        if (fault === "crash_after") return process.die();
        time.after(travelMs(chance), () => {
          if (process.dead) return;
          if (fault === "answer_lost") reject(connectionLost());
          else resolve(responseOf(answer));
        });
      });
    });
  };
}

export const targetOf = ({ headers }: WireRequest): string => headers["x-amz-target"] ?? "";

export function textOf({ body }: WireRequest): string {
  if (typeof body === "string") return body;
  const { buffer, byteOffset, byteLength } = body as Uint8Array;
  return Buffer.from(buffer, byteOffset, byteLength).toString();
}

/** A few milliseconds as a rule; now and then a pause that lets all others pass by. */
const travelMs = (chance: Chance): number => (chance.percent(4) ? chance.between(50, 1_500) : chance.between(1, 15));

/** The SDK marks each transaction with a random token; the trace leaves it out. */
const withoutTokens = (asked: string): string => asked.replace(/"ClientRequestToken":"[^"]*",?/, "");

interface Told {
  status: number;
  text: string;
}

const told = ({ status, body }: Answer): Told => ({ status, text: JSON.stringify(body) });

export const responseOf = ({ status, text }: Told): WireResponse => ({
  response: {
    statusCode: status,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: Buffer.from(text),
  },
});
