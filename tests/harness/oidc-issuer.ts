import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from "jose";

interface SigningKey {
  kid: string;
  alg: string;
  private_key: CryptoKey;
  public_jwk: object;
}

/** An issuer of tokens on loopback: discovery, keys, and a pen. */
export interface TestIssuer {
  issuer: string;
  /** Requests that came, by their path. */
  asked: string[];
  /** What its page says of itself. */
  page: { issuer: string };
  newKey(alg?: string): Promise<SigningKey>;
  /** Publishes these keys and no others. */
  publish(...keys: SigningKey[]): void;
  sign(key: SigningKey, claims: Record<string, unknown>): Promise<string>;
  stop(): Promise<void>;
}

/** Starts an issuer with one published key. */
export async function startIssuer(): Promise<{ issuer: TestIssuer; key: SigningKey }> {
  let published: object[] = [];
  const server = createServer((request, reply) => {
    issuer.asked.push(request.url ?? "");
    const pages: Record<string, object> = {
      "/.well-known/openid-configuration": { ...issuer.page, jwks_uri: `${issuer.issuer}/keys` },
      "/keys": { keys: published },
    };
    const page = pages[request.url ?? ""];
    reply.writeHead(page === undefined ? 404 : 200, { "content-type": "application/json" });
    reply.end(JSON.stringify(page ?? {}));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let made = 0;
  const issuer: TestIssuer = {
    issuer: url,
    asked: [],
    page: { issuer: url },
    async newKey(alg = "RS256") {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
      made += 1;
      const kid = `key-${made}`;
      return {
        kid,
        alg,
        private_key: privateKey,
        public_jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" },
      };
    },
    publish(...keys) {
      published = keys.map(({ public_jwk }) => public_jwk);
    },
    sign: ({ kid, alg, private_key }, claims) => new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(private_key),
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  const key = await issuer.newKey();
  issuer.publish(key);
  return { issuer, key };
}
