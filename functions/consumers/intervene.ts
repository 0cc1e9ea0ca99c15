import { GUARDIAN_EVENTS } from "@omoios/domain/guardian/policy";
import { consume } from "../consume.ts";

export const handler = consume(GUARDIAN_EVENTS, ({ work }, event) => work.intervene(event));
