import { openPlane } from "@omoios/app/plane";
import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from "aws-lambda";

/** `$connect` brings the handshake's headers, which the types know of REST APIs only. */
type SocketEvent = APIGatewayProxyWebsocketEventV2 & { headers?: Record<string, string | undefined> };

export async function handler({ requestContext, headers = {} }: SocketEvent): Promise<APIGatewayProxyResultV2> {
  const { wake } = openPlane(process.env);
  const { eventType, connectionId, requestId: request_id } = requestContext;
  if (eventType === "CONNECT") {
    const handshake = { bearer: bearerIn(headers), connection_id: connectionId, request_id };
    return { statusCode: await wake.connect(handshake) };
  }
  if (eventType === "DISCONNECT") await wake.disconnect(connectionId);
  return { statusCode: 200 };
}

/** Names of headers come as the client wrote them. */
function bearerIn(headers: Record<string, string | undefined>): string | undefined {
  const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization") ?? [];
  return /^Bearer (\S+)$/i.exec(value ?? "")?.[1];
}
