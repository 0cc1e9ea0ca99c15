import { runCli } from "@omoios/cli/run-cli";

/** Runs `omoi` in this process, for a plane and with a key. */
export async function runOmoi(args: string[], plane: { url: string; api_key: string; data_dir?: string }) {
  const out: string[] = [];
  const err: string[] = [];
  const exit = await runCli(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    columns: Number.POSITIVE_INFINITY,
    colours: false,
    env: { OMOI_URL: plane.url, OMOI_API_KEY: plane.api_key, OMOI_DATA_DIR: plane.data_dir },
    now: () => Date.now(),
  });
  return { out: out.join(""), err: err.join(""), exit };
}
