// otlp_client: a Node program profiles itself and sends that as OpenTelemetry does, by OpenTelemetry's own exporters:
// otlp_client.cjs MODULES PROTO HTTP_URL [GRPC_ADDRESS [CA TOKEN]]. It prints a line for each export: NAME ok|REFUSAL.
const { Session } = require("node:inspector");
const fs = require("node:fs");
const [modules, proto, url, grpcAddress, authority, token] = process.argv.slice(2);
const need = (name) => require(require.resolve(name, { paths: [modules] }));
const protobuf = need("protobufjs");
const { createOtlpHttpExportDelegate } = need("@opentelemetry/otlp-exporter-base/node-http");

const text = fs.readFileSync(proto, "utf8");
const Message = protobuf.parse(text).root.lookupType("judge.Message");
const oldText = text.replace(/message Sample \{[^}]*\}/, (now) => now).replace(/repeated Sample samples/, "repeated OldSample samples");
const OldMessage = protobuf.parse(oldText).root.lookupType("judge.Message");
const Response = protobuf.parse(`syntax = "proto3"; message Response { Partial partial_success = 1; }
  message Partial { int64 rejected_profiles = 1; string error_message = 2; }`).root.lookupType("Response");

function hotInOtlp(until) {
  let sum = 0;
  while (Date.now() < until) for (let i = 0; i < 1e5; i++) sum += Math.sqrt(i) * (i % 7);
  return sum;
}

async function profile() {
  const session = new Session();
  session.connect();
  const ask = (method, args) => new Promise((yes, no) => session.post(method, args, (error, reply) => (error ? no(error) : yes(reply))));
  await ask("Profiler.enable");
  await ask("Profiler.setSamplingInterval", { interval: 1000 });
  await ask("Profiler.start");
  hotInOtlp(Date.now() + 500);
  return (await ask("Profiler.stop")).profile;
}

// V8's profile as OTLP's tables; the same things get the same index.
function message(v8, service, begin) {
  const strings = new Map([["", 0]]);
  const string = (s) => strings.get(s) ?? (strings.set(s, strings.size), strings.size - 1);
  const dictionary = { mappingTable: [{}], functionTable: [{}], locationTable: [{}], linkTable: [{}], attributeTable: [{}], stackTable: [{}] };
  const parents = new Map();
  for (const node of v8.nodes) for (const child of node.children ?? []) parents.set(child, node);
  dictionary.attributeTable.push({ keyStrindex: string("thread.name"), value: { stringValue: "main loop" } });
  dictionary.linkTable.push({ traceId: Buffer.from("0123456789abcdef0123456789abcdef", "hex"), spanId: Buffer.from("0123456789abcdef", "hex") });
  for (const node of v8.nodes) {
    const frame = node.callFrame;
    dictionary.functionTable.push({ nameStrindex: string(frame.functionName || "(anonymous)"), filenameStrindex: string(frame.url) });
    dictionary.locationTable.push({ lines: [{ functionIndex: dictionary.functionTable.length - 1, line: frame.lineNumber + 1 }] });
    node.index = dictionary.locationTable.length - 1;
  }
  const counts = new Map();
  for (const node of v8.nodes) if (node.hitCount) counts.set(node, node.hitCount);
  const samples = [...counts].map(([node, count]) => {
    const locationIndices = [];
    for (let at = node; at && at.callFrame.functionName !== "(root)"; at = parents.get(at)) locationIndices.push(at.index);
    dictionary.stackTable.push({ locationIndices });
    return { stackIndex: dictionary.stackTable.length - 1, attributeIndices: [1], linkIndex: 1, values: [count] };
  });
  const one = (type, unit, time, id) => ({
    sampleType: { typeStrindex: string(type), unitStrindex: string(unit) }, samples, timeUnixNano: time, durationNano: 5e8,
    periodType: { typeStrindex: string("cpu"), unitStrindex: string("nanoseconds") }, period: 1000000, profileId: id,
  });
  const profiles = [one("samples", "count", begin, Buffer.from(service.padEnd(16, "-")))];
  if (service === "partly") profiles.push(one("samples", "count", "1000000000000000000", Buffer.alloc(16, 7)));
  const resource = { attributes: [["service.name", service], ["region", "eu"]].map(([key, stringValue]) => ({ key, value: { stringValue } })) };
  dictionary.stringTable = [...strings.keys()];
  return { resourceProfiles: [{ resource, scopeProfiles: [{ scope: { name: "v8" }, profiles }] }], dictionary };
}

const binary = {
  serializeRequest: (value) => Message.encode(Message.fromObject(value)).finish(),
  deserializeResponse: (bytes) => Response.toObject(Response.decode(bytes), { longs: String }),
};
const older = { ...binary, serializeRequest: (value) => OldMessage.encode(OldMessage.fromObject(value)).finish() };
const json = {
  serializeRequest: (value) => Buffer.from(JSON.stringify(Message.toObject(Message.fromObject(value), { longs: String, bytes: String }))),
  deserializeResponse: (bytes) => JSON.parse(bytes.toString() || "{}"),
};

function http(serializer, contentType, compression = "none") {
  return createOtlpHttpExportDelegate({ url, headers: () => ({ "Content-Type": contentType }), agentOptions: {}, compression,
    concurrencyLimit: 10, timeoutMillis: 10000 }, serializer);
}

function grpc(compression = "none") {
  const { createOtlpGrpcExportDelegate } = need("@opentelemetry/otlp-grpc-exporter-base");
  const { credentials, Metadata } = need("@grpc/grpc-js");
  const how = () => (authority ? credentials.createSsl(fs.readFileSync(authority)) : credentials.createInsecure());
  const metadata = () => {
    const data = new Metadata();
    if (token) data.set("authorization", `Bearer ${token}`);
    return data;
  };
  return createOtlpGrpcExportDelegate({ url: grpcAddress, credentials: how, metadata, compression, concurrencyLimit: 300,
    timeoutMillis: 10000 }, binary, "ProfilesService", "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export");
}

async function main() {
  const { diag, DiagLogLevel } = need("@opentelemetry/api");
  let warned = "";
  diag.setLogger({ warn: (...words) => (warned = words.join(" ")), error() {}, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);
  const begin = `${BigInt(Date.now() - 1000) * 1000000n}`;
  const v8 = await profile();
  const send = async (name, delegate, value) => {
    warned = "";
    const result = await new Promise((done) => delegate.export(value ?? message(v8, name, begin), done));
    console.log(name, result.code === 0 ? `ok ${warned}` : `${result.error.code} ${result.error.message} ${result.error.data ?? ""}`);
  };
  if (url !== "-") {
    await send("proto", http(binary, "application/x-protobuf"));
    await send("proto", http(binary, "application/protobuf", "gzip")); // the same again
    await send("zipped", http(binary, "application/x-protobuf", "gzip"));
    await send("old", http(older, "application/x-protobuf"));
    await send("json", http(json, "application/json", "gzip"));
    await send("partly", http(json, "application/json"));
    await send("wrong", http({ ...json, serializeRequest: () => Buffer.from("{") }, "application/json"));
  }
  if (grpcAddress) {
    const plain = grpc();
    await send("grpc", plain);
    await send("grpc", plain); // the same again
    await send("grpc-zipped", grpc("gzip"));
    await send("partly", plain);
    await send("wrong", grpc(), { dictionary: { stringTable: ["", "a"] }, resourceProfiles: [{ scopeProfiles: [{ profiles: [{ samples: [{ values: [1], stackIndex: 9 }] }] }] }] });
    await Promise.all(Array.from({ length: 200 }, (_, i) => send(`many-${i % 50}`, plain)));
  }
  process.exit(0);
}
main();
