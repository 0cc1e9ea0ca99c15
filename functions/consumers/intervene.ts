import { GUARDIAN_EVENTS } from "@omoios/contracts/guardian-events";
import { consume } from "../consume.ts";

export const handler = consume(GUARDIAN_EVENTS, ({ work }, event) => work.intervene(event));
