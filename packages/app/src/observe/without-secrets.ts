/** What a secret looks like, wherever it stands: keys and webhook secrets by their prefix, tokens, what follows `Bearer`, passwords in URLs. */
const SECRETS = [
  /\b(?:omoi_[a-z]{2}|whsec)_[\w+/=-]+/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=\b(?:Bearer|Basic) )[\w.~+/=-]+/gi,
  /(?<=:\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g,
  /\bhttps:\/\/hooks\.slack\.com\/[^\s"']+/g,
];

/** Members that hold a secret whatever they look like. */
const SECRET_NAMES =
  /^(authorization|cookie|password|secret|.*_secret|.*_token|api_key|routing_key|private_key|assertion|d)$/i;

const HIDDEN = "[hidden]";

/** Hides what must stand in no log. Given to `JSON.stringify`, it sees every member of a line, errors' own among them. */
export function withoutSecrets(name: string, value: unknown): unknown {
  if (value !== null && value !== undefined && SECRET_NAMES.test(name)) return HIDDEN;
  return typeof value === "string" ? SECRETS.reduce((text, secret) => text.replace(secret, HIDDEN), value) : value;
}
