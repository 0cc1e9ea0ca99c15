/**
 * A value as JSON for a queue's message, or for an event that becomes one. SQS refuses U+FFFE and U+FFFF, and the emulator all
 * characters above U+FFFF (an emoji in an alert's label): they are written as escapes, which say the same in JSON.
 */
export const messageText = (value: unknown): string =>
  JSON.stringify(value).replace(/[\ud800-\udfff\ufffe\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
