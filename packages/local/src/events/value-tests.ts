import { parseCidr } from "./cidr.ts";
import { PatternError } from "./pattern-error.ts";
import { compileWildcard } from "./wildcard.ts";

export type Scalar = string | number | boolean | null;
export type ValueTest = (value: Scalar) => boolean;

type Compile = (operand: unknown, path: string) => ValueTest;

/** The test of one entry in a pattern's list: a value to equal, or an object with one operator. */
export function compileValueTest(entry: unknown, path: string): ValueTest {
  if (typeof entry !== "object" || entry === null) {
    if (entry === undefined) throw new PatternError(path, "a value must be a string, number, true, false or null");
    return (value) => value === entry;
  }
  if (Array.isArray(entry)) throw new PatternError(path, "a list cannot hold another list");
  const [name, operand] = onlyMember(entry, path);
  const compile = OPERATORS.get(name);
  if (compile === undefined) throw new PatternError(path, `unrecognized match type ${name}`);
  return compile(operand, `${path}.${name}`);
}

const prefix: Compile = (operand, path) => text(operand, path, "prefix");
const suffix: Compile = (operand, path) => text(operand, path, "suffix");

const OPERATORS = new Map<string, Compile>([
  ["prefix", prefix],
  ["suffix", suffix],
  ["equals-ignore-case", (operand, path) => equalsIgnoreCase(string(operand, path))],
  ["wildcard", (operand, path) => onText(compileWildcard(string(operand, path), path))],
  ["cidr", (operand, path) => onText(parseCidr(string(operand, path), path))],
  ["numeric", numeric],
  ["anything-but", anythingBut],
]);

/** What `anything-but` may exclude by, apart from plain values. */
const EXCLUSIONS = new Map<string, Compile>([
  ["prefix", (operand, path) => prefix(filled(operand, path), path)],
  ["suffix", (operand, path) => suffix(filled(operand, path), path)],
  ["equals-ignore-case", (operand, path) => equalsIgnoreCase(string(operand, path))],
  ["wildcard", (operand, path) => onText(compileWildcard(string(operand, path), path))],
]);

function text(operand: unknown, path: string, end: "prefix" | "suffix"): ValueTest {
  const holds = (value: string, part: string) => (end === "prefix" ? value.startsWith(part) : value.endsWith(part));
  if (typeof operand === "object" && operand !== null && !Array.isArray(operand)) {
    const [name, inner] = onlyMember(operand, path);
    if (name !== "equals-ignore-case") throw new PatternError(path, `cannot be combined with ${name}`);
    const part = string(inner, `${path}.${name}`).toLowerCase();
    return onText((value) => holds(value.toLowerCase(), part));
  }
  const part = string(operand, path);
  return onText((value) => holds(value, part));
}

function equalsIgnoreCase(wanted: string): ValueTest {
  const lower = wanted.toLowerCase();
  return onText((value) => value.toLowerCase() === lower);
}

function anythingBut(operand: unknown, path: string): ValueTest {
  if (typeof operand === "object" && operand !== null && !Array.isArray(operand)) {
    const [name, inner] = onlyMember(operand, path);
    const compile = EXCLUSIONS.get(name);
    if (compile === undefined) throw new PatternError(path, `cannot be combined with ${name}`);
    const place = `${path}.${name}`;
    const excluded = list(inner, place).map((each) => compile(each, place));
    return (value) => !excluded.some((test) => test(value));
  }
  const values = list(operand, path);
  const kinds = new Set(values.map((each) => typeof each));
  if (kinds.size > 1) throw new PatternError(path, "all values must be strings, or all numbers");
  if (!kinds.has("string") && !kinds.has("number")) throw new PatternError(path, "must name strings or numbers");
  return (value) => !values.includes(value);
}

/** AWS compares numbers within this bound, both ways. */
const NUMERIC_BOUND = 5e9;

function numeric(operand: unknown, path: string): ValueTest {
  if (!Array.isArray(operand)) throw new PatternError(path, 'must be a list such as [">", 0, "<=", 5]');
  const [first, bound, second, top, ...rest] = operand as unknown[];
  if (rest.length > 0 || operand.length % 2 === 1)
    throw new PatternError(path, "needs one operator and number, or two");
  const low = comparison(first, bound, path);
  if (operand.length === 2) return onNumber(low);
  const high = comparison(second, top, path);
  const isRange = (first === ">" || first === ">=") && (second === "<" || second === "<=");
  if (!isRange) throw new PatternError(path, "a range names its lower bound with > or >=, then its upper with < or <=");
  if (Number(bound) >= Number(top)) throw new PatternError(path, "the lower bound must be less than the upper");
  return onNumber((value) => low(value) && high(value));
}

function comparison(operator: unknown, bound: unknown, path: string): (value: number) => boolean {
  if (typeof bound !== "number" || Math.abs(bound) > NUMERIC_BOUND) {
    throw new PatternError(path, `the value of ${String(operator)} must be a number from -5e9 to 5e9`);
  }
  switch (operator) {
    case "=":
      return (value) => value === bound;
    case "<":
      return (value) => value < bound;
    case "<=":
      return (value) => value <= bound;
    case ">":
      return (value) => value > bound;
    case ">=":
      return (value) => value >= bound;
    default:
      throw new PatternError(path, `unrecognized operator ${JSON.stringify(operator)}: use =, <, <=, > or >=`);
  }
}

const onText =
  (test: (value: string) => boolean): ValueTest =>
  (value) =>
    typeof value === "string" && test(value);

const onNumber =
  (test: (value: number) => boolean): ValueTest =>
  (value) =>
    typeof value === "number" && Math.abs(value) <= NUMERIC_BOUND && test(value);

function onlyMember(object: object, path: string): [string, unknown] {
  const [first, ...others] = Object.entries(object);
  if (first === undefined) throw new PatternError(path, "a match expression must name its type");
  if (others.length > 0) throw new PatternError(path, "only one key is allowed in a match expression");
  return first;
}

function string(operand: unknown, path: string): string {
  if (typeof operand !== "string") throw new PatternError(path, "must be a string");
  return operand;
}

function filled(operand: unknown, path: string): unknown {
  if (operand === "") throw new PatternError(path, "must not be empty");
  return string(operand, path);
}

function list(operand: unknown, path: string): unknown[] {
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw new PatternError(path, "an empty list excludes nothing: name at least one value");
  return values;
}
