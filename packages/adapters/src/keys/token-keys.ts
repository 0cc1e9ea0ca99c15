import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { TokenKeys } from "@omoios/domain/access/model";
import type { Clock, Instant } from "@omoios/kernel/clock";
import { parseTokenKeys, type StoredTokenKey } from "./token-key-list.ts";

/** A token under an unknown key makes us read the keys again, in case they were rotated: at most so often. */
const READ_AGAIN_MS = 30_000;

interface TokenKeysOptions {
  /** `file:` and a path, or the name of an SSM SecureString parameter. */
  place: string;
  clock: Clock;
  /** Called only where the place is a parameter. */
  ssm: () => SSMClient;
}

/**
 * The stage's token keys, read once for each process and again when a token names a key that is not known yet. Throws a plain error
 * that names the place and the remedy where there are none.
 */
export function tokenKeysFrom(options: TokenKeysOptions): TokenKeys {
  let read: { keys: Promise<StoredTokenKey[]>; at: Instant } | undefined;

  const load = (): Promise<StoredTokenKey[]> => {
    const keys = readKeys(options);
    const mine = { keys, at: options.clock.now() };
    read = mine;
    // A failure is not kept: the next call tries again.
    keys.catch(() => {
      if (read === mine) read = undefined;
    });
    return keys;
  };

  return {
    async newest() {
      const [newest] = await (read?.keys ?? load());
      if (newest === undefined) throw new Error(`${options.place} holds no token keys`);
      return newest;
    },
    async find(kid) {
      const named = (keys: StoredTokenKey[]) => keys.find((key) => key.kid === kid);
      const known = named(await (read?.keys ?? load()));
      if (known !== undefined) return known;
      const old = read === undefined || read.at + READ_AGAIN_MS <= options.clock.now();
      return old ? named(await load()) : undefined;
    },
  };
}

async function readKeys({ place, ssm }: TokenKeysOptions): Promise<StoredTokenKey[]> {
  if (place.startsWith("file:")) return parseTokenKeys(await readKeyFile(pathOf(place)), pathOf(place));
  return parseTokenKeys(await readParameter(ssm(), place), `The SSM parameter ${place}`);
}

/** Takes `file:.omoi/keys` as well as a file's URL. */
function pathOf(place: string): string {
  return place.startsWith("file://") ? fileURLToPath(place) : place.slice("file:".length);
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Error(`Cannot read the token keys in ${path}: ${messageOf(cause)}`, { cause });
  }
}

async function readParameter(ssm: SSMClient, Name: string): Promise<string> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return Parameter?.Value ?? "";
  } catch (cause) {
    const missing = cause instanceof Error && cause.name === "ParameterNotFound";
    const why = missing ? "it does not exist: put it as a SecureString before the first call" : messageOf(cause);
    throw new Error(`Cannot read the token keys in the SSM parameter ${Name}: ${why}`, { cause });
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
