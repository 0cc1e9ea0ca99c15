import * as z from "zod";
import {
  acknowledgeAlert,
  alertmanagerBody,
  changeSilence,
  createSilence,
  listAlerts,
  resolveAlert,
} from "../shapes/alert.ts";
import { paging } from "../shapes/common.ts";
import { ALERT, MAX_LARGE_BODY_BYTES, SILENCE, table } from "./route.ts";

const reads = { tag: "alerts", who: ["operator"], scope: "alerts:read", status: 200 } as const;
const writes = { tag: "alerts", who: ["operator"], scope: "alerts:write", status: 200 } as const;

export const alertRoutes = table({
  listAlerts: {
    ...reads,
    method: "GET",
    path: "/alerts",
    summary:
      "List alerts: active ones, then resolved ones, then earlier occurrences, each newest first. Without `state` those that pend, fire or are acknowledged",
    params: {},
    query: listAlerts,
    problems: ["request.cursor_invalid"],
  },
  getAlert: {
    ...reads,
    method: "GET",
    path: "/alerts/{alert_id}",
    summary: "Read one occurrence of an alert, with the newest 200 decisions about it. `log_cursor` shows those before",
    params: ALERT,
    query: () => z.strictObject({ log_cursor: paging.cursor }),
    problems: ["request.cursor_invalid"],
  },
  listAlertDeliveries: {
    ...reads,
    method: "GET",
    path: "/alerts/{alert_id}/deliveries",
    summary: "The notifications that an alert was sent in, with each try. A page may hold none while a cursor follows",
    params: ALERT,
    query: () => z.strictObject(paging),
    problems: ["request.cursor_invalid"],
  },
  acknowledgeAlert: {
    ...writes,
    method: "POST",
    path: "/alerts/{alert_id}/acknowledge",
    summary: "Take an alert on: no later step of its escalation is sent for 30 minutes",
    params: ALERT,
    body: acknowledgeAlert,
    problems: ["alert.not_firing"],
    idempotent: true,
  },
  resolveAlert: {
    ...writes,
    method: "POST",
    path: "/alerts/{alert_id}/resolve",
    summary: "Say that an alert is over. While its condition holds it comes back within a minute, as a new occurrence",
    params: ALERT,
    body: resolveAlert,
    problems: ["alert.not_firing"],
    idempotent: true,
  },
  ingestAlertmanager: {
    ...writes,
    method: "POST",
    path: "/alerts/ingest/alertmanager",
    summary: "Take what an Alertmanager's webhook (version 4) says",
    params: {},
    body: alertmanagerBody,
    // An Alertmanager does not send again what is refused with a 4xx: a storm must fit in.
    max_body_bytes: MAX_LARGE_BODY_BYTES,
    problems: [],
    idempotent: "answer",
  },
  listSilences: {
    ...reads,
    method: "GET",
    path: "/silences",
    summary: "List silences, also those that ended not long ago",
    params: {},
    query: () => z.strictObject(paging),
    problems: ["request.cursor_invalid"],
  },
  createSilence: {
    ...writes,
    method: "POST",
    path: "/silences",
    summary: "Keep matching alerts from being told, until a time or at times that come back",
    params: {},
    body: createSilence,
    status: 201,
    problems: [],
    idempotent: true,
  },
  getSilence: {
    ...reads,
    method: "GET",
    path: "/silences/{silence_id}",
    summary: "Read a silence. One that comes back is `active` within its hours, and `pending` between them",
    params: SILENCE,
    problems: [],
  },
  changeSilence: {
    ...writes,
    method: "PATCH",
    path: "/silences/{silence_id}",
    summary: "Let a silence that has not ended end later or sooner, or say anew why it is there",
    params: SILENCE,
    body: changeSilence,
    problems: ["silence.ended"],
    idempotent: true,
  },
  deleteSilence: {
    ...writes,
    method: "DELETE",
    path: "/silences/{silence_id}",
    summary: "End a silence now",
    params: SILENCE,
    problems: [],
  },
});
