import type { Alerting } from "@omoios/domain/alerting/service";
import type { Replays, Verbs } from "../verbs.ts";

type AlertRoutes =
  | "listAlerts"
  | "getAlert"
  | "listAlertDeliveries"
  | "acknowledgeAlert"
  | "resolveAlert"
  | "ingestAlertmanager"
  | "listSilences"
  | "getSilence"
  | "createSilence"
  | "changeSilence"
  | "deleteSilence";

/** What answers the routes of alerts and silences. */
export function alertVerbs(alerting: Alerting): Pick<Verbs, AlertRoutes> {
  return {
    listAlerts: async (_ctx, { query }) => alerting.list(query),
    getAlert: async (_ctx, { params, query }) => alerting.show(params.alert_id, query.log_cursor),
    listAlertDeliveries: async (_ctx, { params, query }) => alerting.deliveries(params.alert_id, query),
    acknowledgeAlert: async (ctx, { params, body }) => alerting.acknowledge(ctx, params.alert_id, body.note),
    resolveAlert: async (ctx, { params, body }) => alerting.resolve(ctx, params.alert_id, body.note),
    ingestAlertmanager: async (ctx, { body }) => alerting.ingest(ctx, body),
    listSilences: async (ctx, { query }) => alerting.silences.list(ctx, query),
    getSilence: async (ctx, { params }) => alerting.silences.get(ctx, params.silence_id),
    createSilence: async (ctx, { body }) => alerting.silences.create(ctx, body),
    changeSilence: async (ctx, { params, body }) => alerting.silences.change(ctx, params.silence_id, body),
    deleteSilence: async (ctx, { params }) => alerting.silences.end(ctx, params.silence_id),
  };
}

/** What a repeated request reads again. */
export function alertReplays(alerting: Alerting) {
  return {
    acknowledgeAlert: (_ctx, made) => alerting.occurrence(made),
    resolveAlert: (_ctx, made) => alerting.occurrence(made),
    changeSilence: (ctx, made) => alerting.silences.get(ctx, made),
    createSilence: (ctx, made) => alerting.silences.get(ctx, made),
  } satisfies Partial<Replays>;
}
