import { ALARM_STATE_CHANGE } from "@omoios/contracts/default-bus";
import { type AlarmStateChange, alarmStateChange } from "@omoios/contracts/shapes/cloudwatch-alarm";
import { ALERTING_EVENTS } from "@omoios/domain/alerting/sources/plane-event";
import * as z from "zod";
import { each, eventJob } from "../consume.ts";

const events = eventJob(ALERTING_EVENTS, ({ work }, event) => work.alertOn(event));

const typed = z.looseObject({ "detail-type": z.string() });
type Message = AlarmStateChange | z.infer<typeof events.schema>;
const isAlarm = (message: Message): message is AlarmStateChange => message["detail-type"] === ALARM_STATE_CHANGE;

export const handler = each<Message>({
  schema: typed.transform((message) =>
    message["detail-type"] === ALARM_STATE_CHANGE ? alarmStateChange().parse(message) : events.schema.parse(message),
  ),
  about: (message) =>
    isAlarm(message) ? { name: "cloudwatch.alarm", from: { correlation_id: message.id } } : events.about(message),
  act: (plane, message) => (isAlarm(message) ? plane.work.alertOnAlarm(message) : events.act(plane, message)),
});
