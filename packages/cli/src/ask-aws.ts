import { WrongUse } from "./wrong-use.ts";

/** To call before a client of AWS is made: keeps the SDK from writing nine lines about versions of Node beside the answer. `doctor` judges Node. */
export function keepSdkQuiet(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
}

/** Asks AWS, and says what to do where there is no way to. */
export async function askAws<T>(stage: string, ask: () => Promise<T>): Promise<T> {
  keepSdkQuiet();
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
