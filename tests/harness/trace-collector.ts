import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A span as OTLP tells of it, with its attributes by name. */
export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  /** 1 internal, 2 server, 4 producer, 5 consumer. */
  kind: number;
  attributes: Record<string, unknown>;
  /** 2 is an error. */
  status: { code?: number };
  service: unknown;
}

export interface TraceCollector {
  url: string;
  spans: CollectedSpan[];
  /** What is answered from now on. */
  status: number;
  /** Requests that came, whatever they were answered. */
  asked: number;
  close(): Promise<void>;
}

interface Attribute {
  key: string;
  value: { stringValue?: string; intValue?: number; boolValue?: boolean };
}
type RawSpan = Omit<CollectedSpan, "attributes" | "service"> & { attributes: Attribute[] };
interface Exported {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: RawSpan[] }[] }[];
}

/** A collector of OTLP over HTTP on loopback. */
export async function startTraceCollector(): Promise<TraceCollector> {
  const collector: TraceCollector = { url: "", spans: [], status: 200, asked: 0, close: async () => undefined };
  const server = createServer(async (request, reply) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    collector.asked += 1;
    if (request.url === "/v1/traces" && collector.status === 200) collector.spans.push(...spansOf(JSON.parse(body)));
    reply.writeHead(collector.status, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  collector.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  collector.close = () =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return collector;
}

const spansOf = ({ resourceSpans }: Exported): CollectedSpan[] =>
  resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = byName(resource.attributes)["service.name"];
    const spans = scopeSpans.flatMap((scope) => scope.spans);
    return spans.map((span) => ({ ...span, attributes: byName(span.attributes), service }));
  });

const byName = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
