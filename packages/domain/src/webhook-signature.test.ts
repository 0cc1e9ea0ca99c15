import { expect, it } from "vitest";
import { webhookHeaders } from "./webhook-signature.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

it.each([SECRET, SECRET.slice("whsec_".length)])(
  "signs as the example of the specification is signed, with %s",
  (secret) => {
    expect(webhookHeaders(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330_000, '{"test": 2432232314}')).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  },
);
