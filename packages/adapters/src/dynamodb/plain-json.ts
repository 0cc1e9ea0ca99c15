import { AwsJson1_0Protocol } from "@aws-sdk/core/protocols";

type Settings = ConstructorParameters<typeof AwsJson1_0Protocol>[0];
type Codec = NonNullable<Settings["jsonCodec"]>;

const utf8 = new TextDecoder();

/**
 * DynamoDB's JSON as it is. The SDK's own codec walks each request and answer along its schema, for times and binary values that stand
 * in none of ours, and takes longer for it than everything else together. What it adds by itself is left to the caller: the
 * `ClientRequestToken` of a transaction.
 */
const plainCodec = {
  setSerdeContext: () => undefined,
  createSerializer: () => {
    let written = "";
    return {
      setSerdeContext: () => undefined,
      write: (_schema: unknown, value: unknown) => {
        written = JSON.stringify(value);
      },
      flush: () => written,
    };
  },
  createDeserializer: () => ({
    setSerdeContext: () => undefined,
    read: async (_schema: unknown, bytes: Uint8Array | string) =>
      JSON.parse(typeof bytes === "string" ? bytes : utf8.decode(bytes)),
    readObject: (_schema: unknown, value: unknown) => value,
  }),
};

/** The protocol of DynamoDB's clients with that codec; errors become the SDK's own classes as ever. */
export class PlainDynamoDbProtocol extends AwsJson1_0Protocol {
  constructor(settings: Settings) {
    super({ ...settings, jsonCodec: plainCodec as unknown as Codec });
  }
}
