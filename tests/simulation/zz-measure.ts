import http from "node:http";
import { documentClient } from "/work/main/packages/adapters/src/dynamodb/client.ts";
import { createTables } from "/work/main/packages/local/src/dynamodb/create-tables.ts";
import { startDynamoDb } from "/work/main/packages/local/src/dynamodb/start.ts";
import { PutCommand, QueryCommand, GetCommand } from "/work/main/node_modules/@aws-sdk/lib-dynamodb/dist-cjs/index.js";
const db = await startDynamoDb({ path: `/dev/shm/m-${process.pid}.db` });
const cfg = { endpoint: db.endpoint, region: "local", credentials: { accessKeyId: "a", secretAccessKey: "b" } };
const client = documentClient(cfg);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const u = new URL(db.endpoint);
function raw(target: string, body: string): Promise<any> {
  return new Promise((ok, no) => {
    const r = http.request({ host: u.hostname, port: u.port, method: "POST", agent, headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.0", "content-length": Buffer.byteLength(body), "x-amz-date": "20260101T000000Z", authorization: "AWS4-HMAC-SHA256 Credential=a/20260101/local/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=x" } }, (res) => { const c: Buffer[] = []; res.on("data", (d) => c.push(d)); res.on("end", () => { const t=Buffer.concat(c).toString(); res.statusCode===200? ok(JSON.parse(t)) : no(new Error(t)); }); });
    r.on("error", no); r.end(body);
  });
}
for (let i = 0; i < 3; i++) {
  const t0 = performance.now();
  const names = { state: `state${i}`, pulse: `pulse${i}` };
  await createTables(client as never, names);
  const t1 = performance.now();
  for (let j = 0; j < 200; j++) await client.send(new PutCommand({ TableName: names.state, Item: { pk: `a#${j}`, sk: "x", due_bucket: "1#1", due_at: j, list: "x", list_at: String(j), foo: "bar" } }));
  const t2 = performance.now();
  for (let j = 0; j < 200; j++) await client.send(new GetCommand({ TableName: names.state, Key: { pk: `a#${j}`, sk: "x" } }));
  const t3 = performance.now();
  for (let j = 0; j < 200; j++) await raw("DynamoDB_20120810.GetItem", JSON.stringify({ TableName: names.state, Key: { pk: { S: `a#${j}` }, sk: { S: "x" } } }));
  const t4 = performance.now();
  for (let j = 0; j < 200; j++) await raw("DynamoDB_20120810.Query", JSON.stringify({ TableName: names.state, IndexName: "due", KeyConditionExpression: "due_bucket = :b AND due_at <= :u", ExpressionAttributeValues: { ":b": { S: "nope" }, ":u": { N: "5" } } }));
  const t5 = performance.now();
  const d = await raw("DynamoDB_20120810.DescribeTable", JSON.stringify({ TableName: names.state }));
  const arn = d.Table.LatestStreamArn;
  const s = await raw("DynamoDBStreams_20120810.DescribeStream", JSON.stringify({ StreamArn: arn }));
  var it = (await raw("DynamoDBStreams_20120810.GetShardIterator", JSON.stringify({ StreamArn: arn, ShardId: s.StreamDescription.Shards[0].ShardId, ShardIteratorType: "TRIM_HORIZON" }))).ShardIterator;
  const t6 = performance.now();
  let n = 0;
  for (let j = 0; j < 50; j++) { const g = await raw("DynamoDBStreams_20120810.GetRecords", JSON.stringify({ ShardIterator: it, Limit: 1000 })); n += g.Records.length; it = g.NextShardIterator; }
  const t7 = performance.now();
  for (const TableName of Object.values(names)) await raw("DynamoDB_20120810.DeleteTable", JSON.stringify({ TableName }));
  const t8 = performance.now();
  console.log({ create: t1 - t0, put: (t2 - t1) / 200, get: (t3 - t2) / 200, rawget: (t4 - t3) / 200, rawq: (t5 - t4) / 200, records: (t7 - t6) / 50, n, drop: t8 - t7 });
}
let t = performance.now(); for (let i=0;i<20;i++) documentClient(cfg); console.log("client", (performance.now()-t)/20);
await db.stop();
process.exit(0);
