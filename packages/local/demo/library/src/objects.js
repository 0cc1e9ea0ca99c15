/**
 * Takes the first row as the header and makes an object of each other row.
 * Of columns with the same name the first one counts; a missing field is "".
 * @param {string[][]} rows
 * @returns {Record<string, string>[]}
 */
export function toObjects(rows) {
  const [header = [], ...body] = rows;
  return body.map((row) => {
    /** @type {Record<string, string>} */
    const object = {};
    for (const name of header) {
      object[name] = row[header.indexOf(name)] ?? "";
    }
    return object;
  });
}

/**
 * Makes a header of all names in the order in which they first occur, and a row of each object.
 * @param {Record<string, unknown>[]} objects
 * @returns {unknown[][]}
 */
export function fromObjects(objects) {
  /** @type {string[]} */
  const header = [];
  for (const object of objects) {
    for (const name of Object.keys(object)) {
      if (!header.includes(name)) header.push(name);
    }
  }
  return [header, ...objects.map((object) => header.map((name) => object[name]))];
}
