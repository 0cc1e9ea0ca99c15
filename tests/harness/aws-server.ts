import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer of AWS: an object is sent as JSON, a text as XML. With a `Refusal` it is an error. */
export type Answer = string | object | ((input: string) => Answer) | Refusal;

export class Refusal {
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

export interface AwsServer {
  url: string;
  /** The actions that were asked for, in order. */
  asked: string[];
  answers: Record<string, Answer>;
  /** How far its clock is from ours, in ms. */
  skew_ms: number;
  close(): Promise<void>;
}

export const IDENTITY =
  "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>" +
  "<Arn>arn:aws:iam::123456789012:user/tester</Arn><UserId>tester</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>";

/** A small AWS on loopback, which answers actions of the query, JSON and REST protocols by their names, and refuses any other. */
export async function startAws(answers: Record<string, Answer>): Promise<AwsServer> {
  const aws: AwsServer = { url: "", asked: [], answers, skew_ms: 0, close: async () => undefined };
  const server = createServer(async (request, reply) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const action = actionOf(request, body);
    aws.asked.push(action);
    let answer: Answer = aws.answers[action] ?? new Refusal("UnknownOperationException", `no answer for ${action}`);
    if (typeof answer === "function") answer = answer(body);
    reply.setHeader("date", new Date(Date.now() + aws.skew_ms).toUTCString());
    const isQuery = body.includes("Action=");
    if (answer instanceof Refusal) {
      reply.writeHead(400, { "content-type": isQuery ? "text/xml" : "application/x-amz-json-1.1" });
      const { code, message } = answer;
      const xml = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
      reply.end(isQuery ? xml : JSON.stringify({ __type: code, message }));
      return;
    }
    reply.writeHead(200, { "content-type": typeof answer === "string" ? "text/xml" : "application/x-amz-json-1.1" });
    reply.end(typeof answer === "string" ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  aws.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  aws.close = () =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return aws;
}

function actionOf({ headers, method, url }: IncomingMessage, body: string): string {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return target.split(".").at(-1) ?? target;
  return new URLSearchParams(body).get("Action") ?? `${method} ${url}`;
}
