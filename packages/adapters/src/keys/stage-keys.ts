import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { TokenKeys } from "@omoios/domain/access/model";
import type { AuditKeys } from "@omoios/domain/audit/model";
import type { Clock, Instant } from "@omoios/kernel/clock";
import { parseStageKeys, type StageKey } from "./stage-key-list.ts";

/** A token under an unknown key makes us read the keys again, in case they were rotated: at most so often. */
const UNKNOWN_AFTER_MS = 30_000;
/** A process that signs reads the keys again so often: it must not sign for ever with a key that was taken away. */
const SIGN_FOR_MS = 300_000;
/** A new key signs only when every process that meets its tokens would read it: longer than `UNKNOWN_AFTER_MS`. */
const SIGNS_AFTER_MS = 60_000;

interface StageKeysOptions {
  /** `file:` and a path, or the name of an SSM SecureString parameter. */
  place: string;
  clock: Clock;
  /** Called only where the place is a parameter. */
  ssm: () => SSMClient;
}

/**
 * Keys of the stage, of one secret, kept by each process and read again when they are old or a name is asked for that is not known. Throws a
 * plain error that names the place and the remedy where there are none.
 */
export function stageKeysFrom(options: StageKeysOptions): TokenKeys & AuditKeys {
  const { clock, place } = options;
  let read: { keys: Promise<StageKey[]>; at: Instant } | undefined;

  const keysNoOlderThan = (age_ms: number): Promise<StageKey[]> => {
    if (read !== undefined && clock.now() - read.at < age_ms) return read.keys;
    const mine = { keys: readKeys(options), at: clock.now() };
    read = mine;
    // A failure is not kept: the next call tries again.
    mine.keys.catch(() => {
      if (read === mine) read = undefined;
    });
    return mine.keys;
  };

  return {
    async newest() {
      const keys = await keysNoOlderThan(SIGN_FOR_MS);
      const key = keys.find(({ created_at }) => created_at + SIGNS_AFTER_MS <= clock.now()) ?? keys.at(-1);
      if (key === undefined) throw new Error(`${place} holds no keys`);
      return key;
    },
    all: () => keysNoOlderThan(UNKNOWN_AFTER_MS),
    async find(kid) {
      const named = (keys: StageKey[]) => keys.find((key) => key.kid === kid);
      return named(await keysNoOlderThan(Number.POSITIVE_INFINITY)) ?? named(await keysNoOlderThan(UNKNOWN_AFTER_MS));
    },
  };
}

async function readKeys({ place, ssm }: StageKeysOptions): Promise<StageKey[]> {
  if (place.startsWith("file:")) return parseStageKeys(await readKeyFile(pathOf(place)), pathOf(place));
  return parseStageKeys(await readParameter(ssm(), place), `The SSM parameter ${place}`);
}

/** Takes `file:.omoi/keys` as well as a file's URL. */
function pathOf(place: string): string {
  return place.startsWith("file://") ? fileURLToPath(place) : place.slice("file:".length);
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Error(`Cannot read the keys in ${path}: ${messageOf(cause)}`, { cause });
  }
}

async function readParameter(ssm: SSMClient, Name: string): Promise<string> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return Parameter?.Value ?? "";
  } catch (cause) {
    const missing = cause instanceof Error && cause.name === "ParameterNotFound";
    const why = missing ? "it does not exist: put it as a SecureString before the first call" : messageOf(cause);
    throw new Error(`Cannot read the keys in the SSM parameter ${Name}: ${why}`, { cause });
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
