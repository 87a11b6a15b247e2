#!/usr/bin/env node
// hostile_grpc: bombs, lies, floods and slow clients against the gRPC of flyover serve, which goes on and says why it
// refuses: hostile_grpc.cjs FLYOVER
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const http2 = require("node:http2");
const net = require("node:net");
const zlib = require("node:zlib");

const EXPORT = "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";
const HEADERS = { ":method": "POST", ":path": EXPORT, "content-type": "application/grpc", te: "trailers" };
const failed = [];

function expect(what, isSo, seen = "") {
  console.log(isSo ? `ok: ${what}` : `FAILED: ${what}: ${typeof seen === "string" ? seen : JSON.stringify(seen)}`);
  if (!isSo) failed.push(what);
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

class Server {
  async start(...more) {
    this.log = "";
    this.process = spawn(process.argv[2], ["serve", "--data", "memory", "--listen", "127.0.0.1:0", "--listen-grpc", "127.0.0.1:0", ...more]);
    this.process.stderr.on("data", (text) => (this.log += text));
    let out = "";
    await new Promise((done) => this.process.stdout.on("data", (text) => (out += text).split("\n").length > 2 && done()));
    [this.http, this.port] = out.match(/:\d+/g).map((port) => Number(port.slice(1)));
    return this;
  }
  metric(name) {
    return new Promise((done) => http.get({ port: this.http, path: "/metrics", agent: false }, (reply) => {
      let text = "";
      reply.on("data", (part) => (text += part)).on("end", () => done(Number(text.split("\n").find((line) => line.startsWith(name + " "))?.split(" ")[1])));
    }));
  }
  status(name) {
    return Number(fs.readFileSync(`/proc/${this.process.pid}/status`, "utf8").match(new RegExp(`${name}:\\s*(\\d+)`))[1]);
  }
  end() {
    return new Promise((done) => { this.process.on("exit", (code) => done(code)); this.process.kill("SIGTERM"); });
  }
}

function frame(message, { packed = 0, length = message.length } = {}) {
  const prefix = Buffer.alloc(5);
  prefix[0] = packed;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

// One call on a connection; what came back, trailers over headers.
function call(client, headers, body) {
  return new Promise((done) => {
    const stream = client.request({ ...HEADERS, ...headers });
    let seen = {};
    stream.on("response", (reply) => (seen = { ...seen, ...reply }));
    stream.on("trailers", (reply) => (seen = { ...seen, ...reply }));
    stream.on("error", (error) => (seen.error = error.code));
    stream.on("close", () => done({ ...seen, reset: stream.rstCode, message: decodeURIComponent(seen["grpc-message"] ?? "") }));
    stream.resume();
    if (body === undefined) return;
    if (body === null) stream.end();
    else stream.end(body);
  });
}

function connect(server) {
  const client = http2.connect(`http://127.0.0.1:${server.port}`);
  client.on("error", () => {});
  client.on("goaway", (code) => (client.saidGoodbye = code));
  return client;
}

// ---- frames by hand ----

function rawFrame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

const literal = (name, value) => Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]);
const BLOCK = Buffer.concat([literal(":method", "POST"), literal(":scheme", "http"), literal(":path", EXPORT), literal(":authority", "x"),
  literal("content-type", "application/grpc"), literal("te", "trailers")]);
const GREETING = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), rawFrame(4, 0, 0)]);

// Sends, and reads until the server has closed or the time is over; the frames that came.
function raw(server, pieces, waitMs = 8000) {
  return new Promise((done) => {
    const socket = net.connect(server.port, "127.0.0.1");
    let bytes = Buffer.alloc(0);
    const finish = (closed) => {
      const frames = [];
      for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3))
        frames.push({ type: bytes[at + 3], payload: bytes.subarray(at + 9, at + 9 + bytes.readUIntBE(at, 3)) });
      const goodbye = frames.find((f) => f.type === 7);
      socket.destroy();
      done({ closed, frames, goodbye: goodbye && goodbye.payload.readUInt32BE(4) });
    };
    const timer = setTimeout(() => finish(false), waitMs);
    socket.on("data", (part) => (bytes = Buffer.concat([bytes, part])));
    socket.on("error", () => {});
    socket.on("close", () => { clearTimeout(timer); finish(true); });
    socket.on("connect", () => socket.write(Buffer.concat(pieces)));
  });
}

async function still(server) {
  const client = connect(server);
  const seen = await call(client, {}, frame(Buffer.alloc(0)));
  client.destroy();
  return seen["grpc-status"] === "0" ? true : seen;
}

async function badCalls() {
  const server = await new Server().start("--limit", "body_bytes=1000000");
  const client = connect(server);
  const refused = async (what, status, words, headers, body) => {
    const seen = await call(client, headers, body);
    expect(what, seen["grpc-status"] === String(status) && seen.message.includes(words), seen);
  };
  const bomb = zlib.gzipSync(Buffer.alloc(200 << 20));
  await refused("an unknown method", 12, "there is only", { ":path": "/grpc.health.v1.Health/Check" }, frame(Buffer.alloc(0)));
  await refused("a bomb", 8, "limits.unpack", { "grpc-encoding": "gzip" }, frame(bomb, { packed: 1 }));
  await refused("gzip that is none", 3, "", { "grpc-encoding": "gzip" }, frame(Buffer.from("nothing"), { packed: 1 }));
  await refused("a packing that nobody has", 12, "grpc-encoding", { "grpc-encoding": "br" }, frame(Buffer.from("x"), { packed: 1 }));
  await refused("a packing that is not said", 13, "grpc-encoding", {}, frame(Buffer.from("x"), { packed: 1 }));
  await refused("a message of 4 GiB, before a byte of it", 8, "limits.body_bytes", {}, frame(Buffer.alloc(0), { length: 0xffffffff }));
  await refused("a message that is cut off", 13, "cut off", {}, frame(Buffer.alloc(10), { length: 20 }));
  await refused("two messages", 12, "one message", {}, Buffer.concat([frame(Buffer.alloc(2)), frame(Buffer.alloc(2))]));
  await refused("no message", 13, "without a message", {}, null);
  await refused("a prefix that is none", 13, "no message of gRPC", {}, Buffer.from([7, 0, 0, 0, 0]));
  await refused("protobuf that is none", 3, "at byte", {}, frame(Buffer.from([0x0a, 0xff])));
  await refused("headers without end", 8, "headers", Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`x-${i}`, "y".repeat(400)])), frame(Buffer.alloc(0)));
  await refused("a page of another site", 7, "another site", { origin: "http://evil.example" }, frame(Buffer.alloc(0)));
  expect("what is no POST", (await call(client, { ":method": "GET" }, null))[":status"] === 405);
  expect("what is no gRPC", (await call(client, { "content-type": "text/html" }, Buffer.from("x")))[":status"] === 415);
  expect("the same connection still serves", (await call(client, {}, frame(Buffer.alloc(0))))["grpc-status"] === "0");
  client.destroy();
  expect("nothing was kept", (await server.metric("flyover_store_profiles")) === 0);
  expect("in bounded memory", server.status("VmHWM") < 300 << 10, server.status("VmHWM"));
  expect("and the end is a good one", (await server.end()) === 0);
}

async function floods() {
  const server = await new Server().start();
  const calm = async (what, pieces) => {
    const seen = await raw(server, [GREETING, ...pieces]);
    expect(`${what}: calm is asked for`, seen.closed && (seen.goodbye === 11 || seen.goodbye === undefined || seen.goodbye === 1), { closed: seen.closed, goodbye: seen.goodbye });
    expect(`${what}: others are served`, (await still(server)) === true);
  };
  const open = (i, flags) => rawFrame(1, 4 | flags, 2 * i + 1, BLOCK);
  await calm("calls begun and cancelled", Array.from({ length: 5000 }, (_, i) => Buffer.concat([open(i, 0), rawFrame(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8]))])));
  const whole = rawFrame(0, 1, 1, frame(Buffer.alloc(0)));
  await calm("whole calls, cancelled", Array.from({ length: 5000 }, (_, i) => {
    whole.writeUInt32BE(2 * i + 1, 5);
    return Buffer.concat([open(i, 0), whole, rawFrame(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8]))]);
  }));
  await calm("pings", Array.from({ length: 20000 }, () => rawFrame(6, 0, 0, Buffer.alloc(8))));
  await calm("settings", Array.from({ length: 20000 }, () => rawFrame(4, 0, 0)));
  await calm("data without data", [open(0, 0), ...Array.from({ length: 20000 }, () => rawFrame(0, 0, 1))]);
  await calm("priorities", Array.from({ length: 20000 }, () => rawFrame(2, 0, 1, Buffer.from([0, 0, 0, 3, 1]))));
  await calm("window updates", Array.from({ length: 20000 }, () => rawFrame(8, 0, 0, Buffer.from([0, 0, 0, 1]))));
  await calm("continuations", [rawFrame(1, 0, 1, BLOCK), ...Array.from({ length: 20000 }, () => rawFrame(9, 0, 1))]);
  const table = Buffer.concat([BLOCK, Buffer.from([0x40, 1]), Buffer.from("x"), Buffer.from([0x7f, 0xa1, 0x1e]), Buffer.alloc(4000, 97), Buffer.alloc(60000, 0xbe)]);
  await raw(server, [GREETING, rawFrame(1, 0, 1, table.subarray(0, 16000)), ...[1, 2, 3].map((i) => rawFrame(9, i === 3 ? 4 : 0, 1, table.subarray(16000 * i, 16000 * (i + 1))))], 1000);
  expect("a header that is repeated out of the table", (await still(server)) === true);
  expect("no HTTP/2 at all", (await raw(server, [Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")])).closed);
  expect("a frame of 16 MiB", (await raw(server, [GREETING, Buffer.from([255, 255, 255, 0, 0, 0, 0, 0, 1]), Buffer.alloc(100)])).closed);
  const client = connect(server);
  await new Promise((done) => client.on("remoteSettings", done)); // which say how many at a time
  const many = Array.from({ length: 400 }, () => call(client, {}, frame(Buffer.alloc(0))));
  expect("400 calls at once of an honest client", (await Promise.all(many)).every((seen) => seen["grpc-status"] === "0"));
  client.destroy();
  expect("in bounded memory", server.status("VmHWM") < 300 << 10, server.status("VmHWM"));
  expect("and the end is a good one", (await server.end()) === 0);
}

async function slowClients() {
  const server = await new Server().start();
  const slow = [];
  for (let i = 0; i < 200; i++) {
    const socket = net.connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    const parts = [Buffer.alloc(0), GREETING.subarray(0, 10), GREETING, Buffer.concat([GREETING, rawFrame(1, 4, 1, BLOCK), rawFrame(0, 0, 1, Buffer.from([0, 0, 0, 1]))])];
    socket.write(parts[i % 4]);
    slow.push(socket);
  }
  let good = 0;
  for (let i = 0; i < 40; i++) good += (await still(server)) === true;
  expect("200 slow clients keep nobody out", good === 40, good);
  const crowd = Array.from({ length: 100 }, () => net.connect(server.port, "127.0.0.1").on("error", () => {}));
  await Promise.all(crowd.map((socket) => new Promise((done) => socket.once("connect", done).once("close", done))));
  for (let i = 0; i < 100 && (await still(server)) === true; i++) await sleep(50); // until all are accepted, or refused
  expect("an address has so many connections and no more", server.status("FDSize") < 1024 && (await still(server)) !== true);
  for (const socket of [...slow, ...crowd]) socket.destroy();
  await sleep(300);
  expect("once they have gone there is room", (await still(server)) === true);
  expect("and the end is a good one", (await server.end()) === 0);
}

async function endUnderLoad() {
  const server = await new Server().start();
  const client = connect(server);
  let good = 0, told = 0;
  const wrong = [];
  const ended = new Promise((done) => client.on("close", done));
  const pump = async () => {
    while (!client.closed && !client.destroyed && client.saidGoodbye === undefined) {
      const seen = await call(client, {}, frame(Buffer.alloc(0))).catch(() => null);
      if (seen?.["grpc-status"] === "0") good++;
      else if (client.saidGoodbye !== undefined || client.destroyed) told++;
      else wrong.push(seen);
    }
  };
  const pumps = Array.from({ length: 8 }, pump);
  await sleep(500);
  const half = client.request(HEADERS); // its message comes after the server was told to end
  let answered;
  half.on("trailers", (reply) => (answered = reply["grpc-status"]));
  half.on("error", () => {});
  half.resume();
  half.write(frame(Buffer.alloc(0)).subarray(0, 3));
  await sleep(200);
  const end = server.end();
  await sleep(200);
  half.end(frame(Buffer.alloc(0)).subarray(3));
  await Promise.all(pumps);
  const status = await end;
  await ended;
  expect("SIGTERM under load ends it well", status === 0, status);
  expect("clients were told to go", client.saidGoodbye === 0, String(client.saidGoodbye));
  expect("what had begun was answered", answered === "0", String(answered));
  expect("and no answer was a wrong one", good > 20 && wrong.length === 0, { good, told, wrong: wrong.slice(0, 3) });
}

(async () => {
  for (const one of [badCalls, floods, slowClients, endUnderLoad]) await one();
  process.exit(failed.length ? 1 : 0);
})();
