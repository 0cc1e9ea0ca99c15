import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Bucket } from "@omoios/domain/audit/ports";
import { folderBucket } from "./folder-bucket.ts";
import { s3Bucket } from "./s3-bucket.ts";

/**
 * What keeps files at a place: `https://<bucket>.s3.…/<prefix>`, or `file:` and the path of a folder on one machine.
 * @param signing whose region and credentials sign; any client's configuration
 */
export function bucketAt(
  place: string,
  signing: () => Pick<SQSClient["config"], "region" | "credentials">,
  sleep: (ms: number) => Promise<void>,
): Bucket {
  return place.startsWith("file:")
    ? folderBucket(place.slice("file:".length))
    : s3Bucket({ prefix: place, signing: signing(), sleep });
}
