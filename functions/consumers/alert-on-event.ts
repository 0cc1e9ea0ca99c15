import { ALERTING_EVENTS } from "@omoios/domain/alerting/sources/plane-event";
import { consume } from "../consume.ts";

export const handler = consume(ALERTING_EVENTS, ({ work }, event) => work.alertOn(event));
