/** Text that is not CSV, or options that cannot describe it. */
export class CsvError extends Error {
  name = "CsvError";
}
