import type { Labels } from "@omoios/contracts/shapes/alert";

export const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, text]) => `${name}=${text}`)
    .join(" ");

/** A value with four digits that count. */
export const valueText = (value: number): string =>
  Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
