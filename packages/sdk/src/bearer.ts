/** Where a client's key or token comes from. */
export interface Bearer {
  /** The value for `Authorization: Bearer …`. It may buy one. */
  token(signal?: AbortSignal): string | Promise<string>;
  /** Told of a 401. Answers whether a new token would help, and drops the old one. */
  renew?(refusal: Error): boolean;
}

/** An operator's API key: it never changes. */
export function apiKeyBearer(key: string): Bearer {
  return { token: () => key };
}
