import { calculateJwkThumbprint } from "jose";
import { expect, it } from "vitest";
import { keyOf } from "./key-holding.ts";

it("names a key by its thumbprint, as RFC 8037 has it in its example", () => {
  const public_x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
  expect(keyOf(public_x)).toEqual({ key_id: "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", public_x });
});

it("names it as agents do, who have jose make the thumbprint", async () => {
  const x = "q_7-ZuBHkXkUzIo4vVvIAwcD3Xh9LCyR0nyvfWBW0yA";
  expect(keyOf(x).key_id).toBe(await calculateJwkThumbprint({ kty: "OKP", crv: "Ed25519", x }));
});
