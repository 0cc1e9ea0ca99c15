import { startDatabase } from "./database.ts";
import { simulate } from "./simulate.ts";
import { execSync } from "node:child_process";
const d = await startDatabase();
const [from=1,to=14]=process.argv.slice(2).map(Number);
const t=performance.now();let rq=0,ch=0,vs=0;const c0=process.cpuUsage();const byOp:Record<string,number>={};
const real=d.emulator;
const db={...d,emulator:(target:string,body:string)=>{const k=target.split(".")[1]!+(/"IndexName":"(\w+)"/.exec(body)?.[1]??"")+(/"TableName":"(\w+)-/.exec(body)?.[1]??"");byOp[k]=(byOp[k]??0)+1;return real(target,body)}};
for (let s=from;s<=to;s++){const o=await simulate(db,s);rq+=o.requests;ch+=o.changes;vs+=o.virtual_ms/1000;if(o.faults.length)console.log(s,o.faults);}
const c=process.cpuUsage(c0);const n=to-from+1;
const dyn=Number(execSync(`for p in $(pgrep -P ${process.pid}); do cat /proc/$p/stat; done | awk '/dynoxide/{print ($14+$15)/100}'`).toString());
console.log({wall:(performance.now()-t)/1000/n,node:(c.user+c.system)/1e6/n,dynoxide:dyn/n,total:(c.user+c.system)/1e6/n+dyn/n,requests:rq/n,changes:ch/n,vs:vs/n});
console.log(Object.fromEntries(Object.entries(byOp).map(([k,v])=>[k,v/n])));
await d.stop();
