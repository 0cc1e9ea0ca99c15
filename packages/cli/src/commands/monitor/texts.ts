/** A value with four digits that count. */
export const valueText = (value: number): string =>
  Number.isInteger(value) ? String(value) : Number(value.toPrecision(4)).toString();
