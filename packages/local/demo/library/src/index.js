export { parse } from "./parse.js";
export { fromObjects, toObjects } from "./objects.js";
export { stringify } from "./stringify.js";
export { dialect } from "./dialect.js";
export { CsvError } from "./errors.js";
