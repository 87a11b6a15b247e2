// client: a Node program with Pyroscope's own, unmodified client in it: client.mjs MODULE URL
//
// The client's module for import, because its module for require needs a Node (20.19) in which that loads ES modules.
const { default: Pyroscope } = await import(`${process.argv[2]}/dist/esm/index.js`);

Pyroscope.init({
  serverAddress: process.argv[3],
  appName: "till",
  tags: { region: "eu" },
  flushIntervalMs: 1000,
  wall: { samplingDurationMs: 1000, samplingIntervalMicros: 5000, collectCpuTime: true },
});
Pyroscope.start();

function hotInNode(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.sqrt(i) * (i % 7);
  return sum;
}

const kept = [];
const end = Date.now() + 3500;
(function turn() {
  hotInNode(1e6);
  kept.push(new Array(5000).fill(1));
  if (Date.now() < end) setImmediate(turn);
  else Pyroscope.stop().then(() => process.exit(0));
})();
