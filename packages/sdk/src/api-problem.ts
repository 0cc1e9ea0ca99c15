import { cutText } from "@omoios/kernel/cut-text";
import type { Fault } from "@omoios/kernel/problem";

/** A refusal by the plane, as its problem document (RFC 9457) tells it. */
export class ApiProblem extends Error {
  /** Stable, `area.reason`; `http.<status>` where something between us and the plane answered without a problem document. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  /** What the caller can do about it. */
  readonly remedy: string | undefined;
  /** Faults of the input, each with the path of its field. */
  readonly errors: Fault[];
  /** The document's other members: `allowed`, `cycle`, `current_version`, `server_time`, `action`, … */
  readonly extra: Record<string, unknown>;
  readonly request_id: string | undefined;
  /** How long the plane asks to wait before the call is repeated. */
  readonly retry_after_ms: number | undefined;

  constructor(status: number, document: ProblemMembers, headers: Headers) {
    const { type, title, status: _, instance, code, detail, remedy, errors, request_id, ...extra } = document;
    super([code ?? `http.${status}`, detail ?? title].filter(Boolean).join(": "));
    this.name = "ApiProblem";
    this.status = status;
    this.code = code ?? `http.${status}`;
    this.title = title ?? `The answer was ${status}`;
    this.detail = detail;
    this.remedy = remedy;
    this.errors = errors ?? [];
    this.extra = extra;
    this.request_id = request_id ?? headers.get("x-request-id") ?? undefined;
    this.retry_after_ms = retryAfterMs(document, headers);
  }

  /** Reads a refusal. A body that is no problem document becomes the detail, cut to 200 characters. */
  static of(response: Response, text: string): ApiProblem {
    return new ApiProblem(response.status, parseDocument(text), response.headers);
  }
}

/** No answer came: the plane is not there, or the connection broke. Whether the call took effect is unknown. */
export class Unreachable extends Error {
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(`No answer from ${url}: ${reasonOf(cause)}`, { cause });
    this.name = "Unreachable";
    this.url = url;
  }
}

interface ProblemMembers {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  remedy?: string;
  instance?: string;
  code?: string;
  errors?: Fault[];
  request_id?: string;
  [member: string]: unknown;
}

function parseDocument(text: string): ProblemMembers {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "code" in parsed) return parsed as ProblemMembers;
  } catch {
    // Proxies and load balancers answer HTML or plain text; it is shown as it is.
  }
  return { detail: cutText(text.trim(), 200) };
}

function retryAfterMs(document: ProblemMembers, headers: Headers): number | undefined {
  if (typeof document.retry_after_ms === "number") return document.retry_after_ms;
  const header = headers.get("retry-after");
  if (header === null) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds * 1000;
  const at = Date.parse(header);
  const from = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(at) || Number.isNaN(from) ? undefined : Math.max(0, at - from);
}

/** `fetch` says only "fetch failed"; the cause under it says why (ECONNREFUSED, a broken socket, a time limit). */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner = cause.cause;
  if (inner instanceof Error) return "code" in inner ? String(inner.code) : inner.message;
  return cause.message;
}
