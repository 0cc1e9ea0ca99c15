import { openRelay } from "@omoios/app/stream-readers";
import { takeBatch } from "./stream.ts";

const relay = openRelay(process.env);

export const handler = takeBatch((records) => relay(records));
