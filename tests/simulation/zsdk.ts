import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
const item={pk:{S:"task#x"},sk:{S:"task"},a:{N:"1"},b:{S:"lkjlkj"},c:{S:"sadklj"},d:{N:"12323"},e:{S:"xx"},f:{M:{x:{S:"a"}}},g:{L:[{S:"x"},{S:"y"}]},h:{BOOL:true},i:{S:"dkfjhskdjf"},j:{S:"skdjfhsk"},k:{N:"123456789"}};
const body=Buffer.from(JSON.stringify({Item:item,Attributes:item}));const qbody=Buffer.from(JSON.stringify({Items:[item],Count:1}));
const mode=process.argv[2]!;
const handler={handle:async(r:any)=>({response:{statusCode:200,headers:{"content-type":"application/x-amz-json-1.0"},body:r.headers["x-amz-target"].endsWith("Query")?qbody:body}}),destroy(){},updateHttpClientConfig(){},httpHandlerConfigs:()=>({})};
const token=(count:number)=>({getRetryCount:()=>count,getRetryDelay:()=>0});
const base=new DynamoDBClient({endpoint:"http://x",region:"l",credentials:{accessKeyId:"a",secretAccessKey:"b"},signer:{sign:async(r:any)=>r},requestHandler:handler as any,maxAttempts:4,
 ...(mode.includes("e")?{endpointProvider:(()=>({url:new URL("http://x")})) as any}:{}),
 retryStrategy:{acquireInitialRetryToken:async()=>token(0),refreshRetryTokenForRetry:async()=>{throw new Error()},recordSuccess(){}} as any});
const doc=DynamoDBDocumentClient.from(base,{marshallOptions:{removeUndefinedValues:true}});
for (const n of ["loggerMiddleware", "getUserAgentMiddleware", "recursionDetectionMiddleware", "hostHeaderMiddleware",...(mode.includes("s")?["httpSigningMiddleware","contentLengthMiddleware"]:[])]) doc.middlewareStack.remove(n);
if(mode.includes("v"))console.log(Object.keys(doc.config).length,Object.keys(doc.config));
if(mode.includes("f")){function F(){} F.prototype=base.config as any; new (F as any)();}
const trimmed=(stack:any):any=>({...stack,concat:(own:any)=>{const w=stack.concat(own);for(const n of ["endpointV2Middleware","httpAuthSchemeMiddleware","httpSigningMiddleware","contentLengthMiddleware"])w.remove(n);
 if(mode.includes("l")){const config=base.config as any;w.remove("serializerMiddleware");w.remove("deserializerMiddleware");
  w.add((next:any,context:any)=>async(args:any)=>{const [,ns,n,t,i,o]=context.__smithy_context.operationSchema;return next({...args,request:await config.protocol.serializeRequest({namespace:ns,name:n,traits:t,input:i,output:o},args.input,{endpoint:config.endpoint})})},{name:"serializerMiddleware",step:"serialize",override:true});
  w.add((next:any,context:any)=>async(args:any)=>{const [,ns,n,t,i,o]=context.__smithy_context.operationSchema;const {response}=await next(args);return {response,output:await config.protocol.deserializeResponse({namespace:ns,name:n,traits:t,input:i,output:o},context,response)}},{name:"deserializerMiddleware",step:"deserialize",override:true});
 }
 return trimmed(w)}});
const stack=mode.includes("t")?trimmed(doc.middlewareStack):doc.middlewareStack;
const prepared=new Map<any,any>();
const send=mode.includes("c")?(c:any)=>{let p=prepared.get(c.constructor);if(!p){const h=c.resolveMiddleware(stack,doc.config,{});prepared.set(c.constructor,p={c,h});}
 p.c.clientCommand={input:c.input};return p.h().then((r:any)=>r.output)}:(c:any)=>doc.send(c);
const run=async(n:number)=>{for(let i=0;i<n;i++){
 const r:any=await send(new GetCommand({TableName:"x",Key:{pk:"p"+i,sk:"s"},ConsistentRead:true}));if(r.Item.a!==1)throw new Error();
 await send(new UpdateCommand({TableName:"x",Key:{pk:"p"+i,sk:"s"},UpdateExpression:"SET #a=:a,#b=:b,#c=:c",ConditionExpression:"#version=:v",ExpressionAttributeNames:{"#a":"a","#b":"b","#c":"c","#version":"version"},ExpressionAttributeValues:{":a":1,":b":"x",":c":"y",":v":i}}));
 await send(new QueryCommand({TableName:"x",KeyConditionExpression:"pk = :pk AND begins_with(sk, :prefix)",ExpressionAttributeValues:{":pk":"a"+i,":prefix":"x"},Limit:100,ConsistentRead:true,ScanIndexForward:true}));
}};
await run(1500);
const c0=process.cpuUsage();await run(3000);const c=process.cpuUsage(c0);console.log(mode,((c.user+c.system)/9000).toFixed(1),"us/send");
