import { observed } from "@omoios/app/observe/observed";
import { openPlane } from "@omoios/app/plane";
import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2, Context } from "aws-lambda";
import { invocation } from "../invocation.ts";

/** `$connect` brings the handshake's headers, which the types know of REST APIs only. */
type SocketEvent = APIGatewayProxyWebsocketEventV2 & { headers?: Record<string, string | undefined> };

export function handler(
  { requestContext, headers = {} }: SocketEvent,
  context?: Pick<Context, "functionName">,
): Promise<APIGatewayProxyResultV2> {
  const { eventType, connectionId: connection_id, requestId: request_id } = requestContext;
  const from = { correlation_id: request_id };
  const work = { name: `wake ${eventType}`, kind: "server", from, function_name: context?.functionName } as const;
  return invocation(() =>
    observed(work, async ({ told }) => {
      const { wake } = openPlane(process.env);
      if (eventType === "CONNECT") {
        told.status = await wake.connect({ bearer: bearerIn(headers), connection_id, request_id });
        return { statusCode: told.status };
      }
      if (eventType === "DISCONNECT") await wake.disconnect(connection_id);
      return { statusCode: 200 };
    }),
  );
}

/** Names of headers come as the client wrote them. */
function bearerIn(headers: Record<string, string | undefined>): string | undefined {
  const [, value] = Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization") ?? [];
  return /^Bearer (\S+)$/i.exec(value ?? "")?.[1];
}
