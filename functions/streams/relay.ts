import { openRelay } from "@omoios/app/plane";
import { takeBatch } from "./stream.ts";

const relay = openRelay(process.env);

export const handler = takeBatch((records) => relay(records));
