import { eventBridgeClient } from "@omoios/adapters/clients";
import { auditBookOn } from "@omoios/adapters/dynamodb/audit-book";
import { documentClient, systemSleep } from "@omoios/adapters/dynamodb/client";
import { commitTo } from "@omoios/adapters/dynamodb/commit";
import { eventLogOn } from "@omoios/adapters/dynamodb/event-log";
import { storeOn } from "@omoios/adapters/dynamodb/store";
import { publish } from "@omoios/adapters/messaging/bus";
import { defaultLimits } from "@omoios/contracts/default-limits";
import type { Places } from "@omoios/contracts/places";
import { prepareOperator } from "@omoios/domain/access/prepare-operator";
import { displacedTickets } from "@omoios/domain/tickets/displaced";
import { systemClock } from "@omoios/kernel/clock";
import { systemContext } from "@omoios/kernel/context";
import { systemRandom } from "@omoios/kernel/random";
import type { Configuration } from "./configuration.ts";

/** Makes the row of a stage's operator key. May be repeated. Table names come from the places, endpoint and keys from the environment. */
export async function prepareStage(places: Pick<Places, "tables">, operatorKey: string): Promise<void> {
  const tables = { client: documentClient(), ...places.tables, sleep: systemSleep };
  const ctx = systemContext("prepare", systemClock.now(), systemRandom);
  await prepareOperator(
    commitTo(tables, defaultLimits.idempotency_hours),
    storeOn(tables, systemClock),
    ctx,
    operatorKey,
  );
}

/** How far back a start goes: queues lose what they hold, and what is older was worked on or is due. */
const BACK_MS = 15 * 60_000;
const PAGE = 200;

/** Puts the last 15 minutes of the event log on the bus again. Consumers are idempotent, so nothing happens twice. Returns how many. */
export async function republish(places: Pick<Places, "tables" | "bus">): Promise<number> {
  const tables = { client: documentClient(), ...places.tables, sleep: systemSleep };
  const bus = { client: eventBridgeClient(), name: places.bus, random: systemRandom, sleep: systemSleep };
  const log = eventLogOn(tables, auditBookOn(tables));
  const now = systemClock.now();
  let cursor: string | undefined = log.cursorAt(now - BACK_MS);
  for (let sent = 0; ; ) {
    // The log is read up to this very moment: nothing else writes to it before the plane is up.
    const page = await log.after(cursor, PAGE, now + BACK_MS);
    await publish(bus, page.rows);
    sent += page.rows.length;
    if (page.rows.length < PAGE) return sent;
    cursor = page.cursor;
  }
}

/** Which open tickets stand still since their workflow or phase is configured no more: a line for each, with the remedy. */
export async function displacedNotices(
  places: Pick<Places, "tables">,
  { workflows }: Pick<Configuration, "workflows">,
): Promise<string[]> {
  const tables = { client: documentClient(), ...places.tables, sleep: systemSleep };
  const { displaced, more } = await displacedTickets({ store: storeOn(tables, systemClock), workflows });
  return displaced.map(({ workflow, phase_id, tickets }) => {
    const who = `${more ? "At least " : ""}${tickets} open ${tickets === 1 ? "ticket stands" : "tickets stand"} still`;
    const what = phase_id === undefined ? `workflow ${workflow}` : `phase ${phase_id} of the workflow ${workflow}`;
    return `${who}: the ${what} is configured no more. Put it back into workflows/ and start again, or cancel the tickets.`;
  });
}
