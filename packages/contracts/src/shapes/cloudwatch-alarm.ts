import { fromRfc3339 } from "@omoios/kernel/clock";
import { once } from "@omoios/kernel/once";
import * as z from "zod";
import { ALARM_STATE_CHANGE } from "../default-bus.ts";

/** CloudWatch writes an offset without its colon. */
const moment = once(() =>
  z.string().transform((text, context) => {
    const at = fromRfc3339(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
    if (at !== undefined) return at;
    context.addIssue("is no time");
    return z.NEVER;
  }),
);

/** What of an alarm's change of state is read. */
export const alarmStateChange = once(() =>
  z.looseObject({
    "detail-type": z.literal(ALARM_STATE_CHANGE),
    id: z.string(),
    account: z.string(),
    region: z.string(),
    time: moment(),
    detail: z.looseObject({
      alarmName: z.string().min(1),
      state: z.looseObject({
        value: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]),
        reason: z.string().default(""),
        timestamp: moment().optional(),
      }),
      configuration: z.looseObject({ description: z.string().nullish() }).optional(),
    }),
  }),
);
export type AlarmStateChange = z.infer<ReturnType<typeof alarmStateChange>>;
