import { readFileSync, readdirSync, mkdirSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { documentClient } from "@omoios/adapters/dynamodb/client";
import { createTables } from "@omoios/local/dynamodb/create-tables";
import { seedDatabase } from "@omoios/local/dynamodb/seed-database";
import { findBinary } from "@omoios/local/dynamodb/binary";
import { freePort } from "@omoios/local/ports";
import { connectTo } from "./wire/emulator.ts";
const log:[string,string][]=JSON.parse(readFileSync("/tmp/simprof/requests.json","utf8"));
const mode=process.argv[2]!;const per=Number(process.argv[3]??100);
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
let cpu=0, starts=0, startMs=0;
async function start(){const t0=performance.now();starts++;
 const port=await freePort();const args=["serve","--host","127.0.0.1","--port",String(port)];
 if(mode!=="mem"){const dir=mode.startsWith("shm")?"/dev/shm/zplay":"/tmp/zplay";rmSync(dir,{recursive:true,force:true});mkdirSync(dir);if(!mode.includes("raw"))seedDatabase(dir+"/t.db");args.push("--db-path",dir+"/t.db");}
 const child=spawn(findBinary(),args,{stdio:"ignore"});
 for(;;){try{await (await fetch(`http://127.0.0.1:${port}`)).text();break}catch{await new Promise(r=>setTimeout(r,3))}}
 startMs+=performance.now()-t0;
 const c=connectTo(`http://127.0.0.1:${port}`);const client=documentClient({endpoint:`http://127.0.0.1:${port}`,region:"local",credentials});
 return {...c,client,stop(){const s=readFileSync(`/proc/${child.pid}/stat`,"utf8").split(" ");cpu+=(Number(s[13])+Number(s[14]))/100;c.close();client.destroy();child.kill("SIGKILL")}}
}
const per_op:Record<string,number[]>={};let e=await start();let n=0,k=0;let it="";const t=performance.now();const c0=process.cpuUsage();
for(let [target,body] of log){
 if(target==="SEED"){ if(k++%per===0&&k>1){e.stop();e=await start();} await createTables(e.client,{state:`state-${body}`,pulse:`pulse-${body}`});continue;}
 if(target.endsWith("GetRecords"))body=JSON.stringify({ShardIterator:it});
 if(target.endsWith("GetShardIterator")){const a=await e.emulator("DynamoDB_20120810.DescribeTable",JSON.stringify({TableName:cur}));const b=JSON.parse(body);b.StreamArn=JSON.parse(a.body).Table.LatestStreamArn;const d=JSON.parse((await e.emulator("DynamoDBStreams_20120810.DescribeStream",JSON.stringify({StreamArn:b.StreamArn}))).body);b.ShardId=d.StreamDescription.Shards[0].ShardId;body=JSON.stringify(b);}
 if(target.endsWith("DescribeTable"))var cur:string=JSON.parse(body).TableName;
 if(target.endsWith("DescribeStream"))continue;
 const q0=performance.now();const a=await e.emulator(target,body);n++;const kk=target.split(".")[1]!+(/"IndexName":"(\w+)"/.exec(body)?.[1]??"")+(/"(?:TableName":|RequestItems":\{)"(\w+)-/.exec(body)?.[1]??"");const w=(per_op[kk]??=[0,0]);w[0]++;w[1]+=performance.now()-q0;
 if(target.endsWith("GetRecords")||target.endsWith("GetShardIterator")){const p=JSON.parse(a.body);it=p.NextShardIterator??p.ShardIterator;if(!it)throw new Error(a.body)}
}
const c=process.cpuUsage(c0);e.stop();
console.log(mode,per,{n,wall:(performance.now()-t)/10,node_ms_per_seed:(c.user+c.system)/1e4,dyn_ms_per_seed:cpu*100,starts,startMs:startMs/starts});

for(const [k,[a,b]] of Object.entries(per_op).sort((x,y)=>y[1][1]-x[1][1]).slice(0,16))console.log(k.padEnd(30),a/10,(b/a).toFixed(3),(b/10).toFixed(0));