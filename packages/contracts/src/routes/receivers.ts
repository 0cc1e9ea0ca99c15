import { askRouting, listReceiverDeadLetters, redriveNotification } from "../shapes/receiver.ts";
import { type PathParam, table } from "./route.ts";

const reads = { tag: "alerts", who: ["operator"], scope: "alerts:read", status: 200 } as const;
const writes = { tag: "alerts", who: ["operator"], scope: "alerts:write", status: 200 } as const;

const RECEIVER: Readonly<Record<"name", PathParam>> = { name: { kind: "receiver", missing: "receiver.not_found" } };

export const receiverRoutes = table({
  listReceivers: {
    ...reads,
    method: "GET",
    path: "/receivers",
    summary: "The receivers in force: what waits for each, how its last tries went, what was given up",
    params: {},
    problems: [],
  },
  listReceiverDeadLetters: {
    ...reads,
    method: "GET",
    path: "/receivers/{name}/dead-letters",
    summary: "The notifications to a receiver that were given up, newest first; open ones by default",
    params: RECEIVER,
    query: listReceiverDeadLetters,
    problems: ["request.cursor_invalid"],
  },
  redriveNotification: {
    ...writes,
    method: "POST",
    path: "/receivers/{name}/dead-letters/{notification_id}/redrive",
    summary: "Tell the receiver once how things stand by now with what it was never told, and close the dead letter",
    params: { ...RECEIVER, notification_id: { kind: "notification", missing: "dead_letter.not_found" } },
    body: redriveNotification,
    problems: ["dead_letter.redriven"],
    idempotent: true,
  },
  testReceiver: {
    ...writes,
    method: "POST",
    path: "/receivers/{name}/test",
    summary: "Send the receiver a notification of a test, once, and say what it answered",
    params: RECEIVER,
    problems: [],
    idempotent: true,
  },
  getAlertRouting: {
    ...reads,
    method: "GET",
    path: "/alert-routing",
    summary:
      "The routing tree in force; with `labels` (`alertname=slow,phase_id=PHASE_TESTING`) also the routes and receivers that such an alert takes",
    params: {},
    query: askRouting,
    problems: [],
  },
});
