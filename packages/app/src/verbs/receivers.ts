import { shownRouting } from "@omoios/domain/alerting/ask-routing";
import type { Receivers } from "@omoios/domain/alerting/receivers";
import type { Routing } from "@omoios/domain/alerting/routing";
import type { RuleService } from "@omoios/domain/alerting/rules/service";
import type { Replays, Verbs } from "../verbs.ts";

type ReceiverRoutes =
  | "listReceivers"
  | "listReceiverDeadLetters"
  | "redriveNotification"
  | "testReceiver"
  | "getAlertRouting";

/** What answers the routes of receivers, and of who is told what. */
export function receiverVerbs(
  receivers: Receivers,
  routing: Routing,
  rules: Pick<RuleService, "find">,
): Pick<Verbs, ReceiverRoutes> {
  return {
    listReceivers: async () => receivers.list(),
    listReceiverDeadLetters: async (_ctx, { params, query }) => receivers.deadLetters(params.name, query),
    redriveNotification: async (ctx, { params, body }) => receivers.redrive(ctx, params, body.reason),
    testReceiver: async (ctx, { params }) => receivers.test(ctx, params.name),
    async getAlertRouting(_ctx, { query: { labels } }) {
      const known = labels?.alertname === undefined ? undefined : await rules.find(labels.alertname);
      return shownRouting(routing, labels, known?.written);
    },
  };
}

/** What a repeated request reads again. */
export function receiverReplays(receivers: Receivers) {
  return {
    redriveNotification: (_ctx, made) => receivers.deadLetter(made),
    testReceiver: (_ctx, made) => receivers.lastTest(made),
  } satisfies Partial<Replays>;
}
