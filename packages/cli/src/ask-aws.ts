import { WrongUse } from "./wrong-use.ts";

/** Asks AWS, and says what to do where there is no way to. */
export async function askAws<T>(stage: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const remedy = `omoi doctor --stage ${stage} looks for what is missing`;
    if (/CredentialsProviderError|Region (is missing|not accepted)/.test(`${error.name} ${error.message}`)) {
      throw new WrongUse(`${error.message}. ${remedy}`);
    }
    throw error;
  }
}
