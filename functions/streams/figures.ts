import { openFigures } from "@omoios/app/stream-readers";
import { takeBatch } from "./stream.ts";

const addFigures = openFigures(process.env);

export const handler = takeBatch((records) => addFigures(records));
