import { WATCHDOG_EVENTS } from "@omoios/domain/watchdog/event-sources";
import { consume } from "../consume.ts";

export const handler = consume(WATCHDOG_EVENTS, ({ work }, event) => work.remedy(event));
