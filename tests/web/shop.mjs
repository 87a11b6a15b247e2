/* shop: half an hour of two services, known to the last sample, sent to a server. */
import { pprof } from "./pprof.mjs";

const WINDOW = 30; // seconds a profile
const TICK = 1e7; // nanoseconds a sample stands for

const TYPES = [
	["samples", "count"],
	["cpu", "nanoseconds"],
];

/* Stacks of a window and how many samples each has. In version v42 regcomp has twice as many. */
function stacksOf(service, version, region) {
	if (service === "cart") return [[["main", "serve", "add_to_cart"], 40]];
	const more = version === "v42" ? 2 : 1;

	return [
		[["main", "serve", "handle_search", "regcomp", "parse"], 60 * more],
		[["main", "serve", "handle_search", "regexec"], 80],
		[["main", "serve", "handle_stock", "serialize"], region === "eu" ? 100 : 20],
		[["main", "accept"], 10],
	];
}

export const TRACES = ["0af7651916cd43dd8448eb211c80319c", "4bf92f3577b34da6a3ce929d0e0e4736"];
export const SPANS = ["b7ad6b7169203331", "00f067aa0ba902b7"];

/* One request in each window of v42 in eu; the second one takes two spans. */
function tracedOf(window) {
	if (window !== 50) return [];
	return [
		[["main", "serve", "handle_search", "regcomp", "parse"], 12, TRACES[0], SPANS[0]],
		[["main", "serve", "handle_stock", "serialize"], 3, TRACES[1], SPANS[0]],
		[["main", "serve", "handle_search", "regexec"], 4, TRACES[1], SPANS[1]],
	];
}

/* A profile of one or more stacks, in samples of 10 ms. */
export async function sendStacks(url, words, stacks) {
	const samples = stacks.map(([stack, n]) => ({ stack, values: [n, n * TICK], labels: {} }));

	await post(url, new URLSearchParams(words), pprof({ types: TYPES, samples, period: ["cpu", "nanoseconds", TICK] }));
}

async function post(url, words, body) {
	const reply = await fetch(`${url}api/v1/profiles?${words}`, { method: "POST", body });

	if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`);
}

/* { begin, end, profiles: [{ service, version, region, at, stacks }] }; begin and end in seconds. */
export async function fillShop(url, now = Date.now() / 1000) {
	const begin = Math.floor(now / 300) * 300 - 1800;
	const profiles = [];

	for (let i = 0; i < 60; i++)
		for (const [service, region] of [
			["shop", "eu"],
			["shop", "us"],
			["cart", "eu"],
		]) {
			const version = i < 30 ? "v41" : "v42";
			const traced = service === "shop" && region === "eu" ? tracedOf(i) : [];
			const stacks = [...stacksOf(service, version, region), ...traced];
			const at = begin + i * WINDOW;
			const words = new URLSearchParams({ service, from: at, until: at + WINDOW });
			const samples = stacks.map(([stack, n, trace_id, span_id]) => ({
				stack,
				values: [n, n * TICK],
				labels: trace_id ? { trace_id, span_id } : {},
			}));

			words.append("label", `version=${version}`);
			words.append("label", `region=${region}`);
			await post(url, words, pprof({ types: TYPES, samples, period: ["cpu", "nanoseconds", TICK] }));
			profiles.push({ service, version, region, at, stacks });
		}
	return { begin, end: begin + 1800, profiles };
}

/* Samples of the profiles and stacks that are accepted. */
export function samplesWhere(shop, profile, stack = () => true) {
	return shop.profiles
		.filter(profile)
		.flatMap((p) => p.stacks)
		.filter(([names]) => stack(names))
		.reduce((sum, [, n]) => sum + n, 0);
}
