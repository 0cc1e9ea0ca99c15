import { PatternError } from "./pattern-error.ts";
import { compileValueTest, type Scalar, type ValueTest } from "./value-tests.ts";

/** Whether an event passes, as compiled from a pattern. */
export type EventTest = (event: unknown) => boolean;

/**
 * Whether an event matches an EventBridge pattern (Lambda's event filters speak the same language).
 * @throws PatternError for a pattern that AWS would refuse; the message names the field.
 */
export function matches(pattern: unknown, event: unknown): boolean {
  return compilePattern(pattern)(event);
}

/** Reads a pattern once, to test many events against it. Throws as `matches` does. */
export function compilePattern(pattern: unknown): EventTest {
  if (!isObject(pattern)) throw new PatternError("", "a pattern must be a JSON object");
  return compileObject(pattern, "").test;
}

/** A test of one node of the event. `absence`: it asks for nothing but that fields are missing. */
interface NodeTest {
  test: EventTest;
  absence: boolean;
}

function compileObject(pattern: Record<string, unknown>, path: string): NodeTest {
  const names = Object.keys(pattern);
  if (names.length === 0) throw new PatternError(path, "an empty object matches nothing: name at least one field");
  const parts = names.map((name) =>
    name === "$or" ? compileOr(pattern[name], path) : compileField(name, pattern[name], join(path, name)),
  );
  const whole = (node: unknown) => parts.every((part) => part.test(node));
  const absence = parts.every((part) => part.absence);
  return { absence, test: (node) => anyElement(node, whole, absence) };
}

/** An object's conditions hold together for one element of an array; that a field is missing holds for all of them. */
function anyElement(node: unknown, test: EventTest, absence: boolean): boolean {
  if (!Array.isArray(node)) return test(node);
  const elements: unknown[] = node.flat(Number.POSITIVE_INFINITY);
  if (elements.length === 0) return test(undefined);
  return absence ? elements.every(test) : elements.some(test);
}

function compileField(name: string, pattern: unknown, path: string): NodeTest {
  const inner = compileNode(pattern, path);
  return { absence: inner.absence, test: (node) => inner.test(isObject(node) ? own(node, name) : undefined) };
}

function compileNode(pattern: unknown, path: string): NodeTest {
  if (Array.isArray(pattern)) return compileLeaf(pattern, path);
  if (isObject(pattern)) return compileObject(pattern, path);
  throw new PatternError(path, "must be an object or an array; write one value as a list of one");
}

function compileLeaf(accepted: unknown[], path: string): NodeTest {
  if (accepted.length === 0) throw new PatternError(path, "an empty list matches nothing: name at least one value");
  const tests: ValueTest[] = [];
  let absent = false;
  for (const each of accepted) {
    if (isObject(each) && "exists" in each && Object.keys(each).length === 1) {
      if (typeof each.exists !== "boolean") throw new PatternError(path, "exists must be true or false");
      if (each.exists) tests.push(() => true);
      else absent = true;
    } else {
      tests.push(compileValueTest(each, path));
    }
  }
  const test = (node: unknown) => {
    const values = leaves(node);
    return values.length === 0 ? absent : values.some((value) => tests.some((each) => each(value)));
  };
  return { test, absence: absent && tests.length === 0 };
}

function compileOr(branches: unknown, path: string): NodeTest {
  const place = join(path, "$or");
  if (!Array.isArray(branches) || branches.length < 2)
    throw new PatternError(place, "must be a list of at least two objects");
  const tests = branches.map((branch, index) => {
    if (!isObject(branch)) throw new PatternError(`${place}[${index}]`, "must be an object");
    return compileObject(branch, path);
  });
  return { test: (node) => tests.some((each) => each.test(node)), absence: tests.every((each) => each.absence) };
}

/** The scalars at a node. An object has none of its own, so that `exists` looks at leaves only, as AWS does. */
function leaves(node: unknown): Scalar[] {
  const values: unknown[] = Array.isArray(node) ? node.flat(Number.POSITIVE_INFINITY) : [node];
  return values.filter(isScalar);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const own = (node: Record<string, unknown>, name: string) => (Object.hasOwn(node, name) ? node[name] : undefined);

const join = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);
