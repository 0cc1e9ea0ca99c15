/**
 * As much of the Fetch standard as an API needs behind a gateway, where bodies are whole. Node loads its own with everything else of
 * undici (web sockets, event sources) when the first of these names is read: a tenth of an API function's cold start. The bundles of
 * HTTP functions get these in their place (`scripts/lean-fetch.ts`); elsewhere the same code runs on Node's.
 */

type HeadersInit = Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

/** Headers by their names in small letters. Throws `TypeError` for a value that would end its line. */
export class Headers {
  readonly #values = new Map<string, string>();

  constructor(init: HeadersInit = {}) {
    for (const [name, value] of isIterable(init) ? init : Object.entries(init)) this.append(name, value);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), oneLine(name, value));
  }

  append(name: string, value: string): void {
    const before = this.get(name);
    this.set(name, before === null ? value : `${before}, ${value}`);
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  forEach(act: (value: string, name: string) => void): void {
    this.#values.forEach(act);
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#values.entries();
  }
}

/** A request whose body has come, as bytes. */
export class Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | null;

  constructor(url: string, init: { method: string; headers: Headers; body?: Uint8Array<ArrayBuffer> }) {
    this.url = url;
    this.method = init.method;
    this.headers = init.headers;
    this.body = init.body ?? null;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.body ?? new Uint8Array();
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }
}

/** An answer of text, or of nothing. */
export class Response {
  readonly body: string | null;
  readonly status: number;
  readonly headers: Headers;
  readonly bodyUsed = false;

  constructor(
    body: string | null = null,
    init: { status?: number | undefined; headers?: HeadersInit | undefined } = {},
  ) {
    this.body = body;
    this.status = init.status ?? 200;
    this.headers = new Headers(init.headers);
    if (body !== null && !this.headers.has("content-type"))
      this.headers.set("content-type", "text/plain;charset=UTF-8");
  }

  async text(): Promise<string> {
    return this.body ?? "";
  }
}

function oneLine(name: string, value: string): string {
  const text = String(value);
  if (/[\0\r\n]/.test(text)) throw new TypeError(`The header ${name} would end its line: ${JSON.stringify(text)}`);
  return text.replace(/^[\t ]+|[\t ]+$/g, "");
}

const isIterable = (init: HeadersInit): init is Iterable<readonly [string, string]> => Symbol.iterator in init;
