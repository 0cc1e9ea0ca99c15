/** What time it is for AWS, in ms since the epoch, from an answer's date. It needs no credentials, which a wrong clock would spoil. */
export async function serverTime(region: string): Promise<number> {
  const { AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL } = process.env;
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const url = AWS_ENDPOINT_URL_STS || AWS_ENDPOINT_URL || `https://sts.${region}.${domain}`;
  const { headers } = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) throw new Error(`${url} told no date`);
  return date;
}
