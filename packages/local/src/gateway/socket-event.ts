import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { joined, queryParameters, splitUrl } from "./request-event.ts";

export interface SocketSetting {
  account: string;
}

/** What a WebSocket API tells its function: a handshake with its headers and query, or the end of a connection. */
export function socketEvent(
  type: "CONNECT" | "DISCONNECT",
  connection_id: string,
  request: IncomingMessage,
  { account }: SocketSetting,
) {
  const headers = joined(request.headers);
  const { query } = splitUrl(request.url ?? "/");
  const now = Date.now();
  return {
    ...(type === "CONNECT" ? { headers, ...(query !== "" && { queryStringParameters: queryParameters(query) }) } : {}),
    requestContext: {
      accountId: account,
      apiId: "local",
      stage: "wake",
      domainName: headers.host ?? "",
      routeKey: type === "CONNECT" ? "$connect" : "$disconnect",
      eventType: type,
      messageDirection: "IN",
      connectionId: connection_id,
      connectedAt: now,
      requestId: randomUUID(),
      extendedRequestId: randomUUID(),
      requestTime: new Date(now).toISOString(),
      requestTimeEpoch: now,
      identity: { sourceIp: request.socket.remoteAddress ?? "" },
    },
    isBase64Encoded: false,
  };
}
