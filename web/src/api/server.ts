/* server: how every question reaches a flyover server: signed in if it asks for that, on its clock. */
import { signal } from "@preact/signals";
import { Refused, Unreachable } from "./source";

export interface Credentials {
	authorization: string;
	tenant: string;
}

const KEPT_AS = "flyover-credentials"; // of this tab, until it is closed
const SLOW_CLOCK_S = 3; // a difference below this is the network's

/* Not there where pages are read as plain text, or storage is forbidden. */
function remembered(): Credentials {
	try {
		const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null");

		if (typeof kept?.authorization === "string") return kept;
	} catch {
		/* then one signs in again */
	}
	return { authorization: "", tenant: "" };
}

export class Server {
	readonly locked = signal(""); // what it wants before it answers
	private credentials = remembered();
	private ahead = 0; // seconds that its clock is ahead of ours

	/* Seconds since 1970, as the server has them. */
	now(): number {
		return Date.now() / 1000 + this.ahead;
	}

	get signedIn(): boolean {
		return this.credentials.authorization !== "" || this.credentials.tenant !== "";
	}

	signIn(credentials: Credentials) {
		this.credentials = credentials;
		this.locked.value = "";
		try {
			sessionStorage.setItem(KEPT_AS, JSON.stringify(credentials));
		} catch {
			/* it holds until the page is left */
		}
	}

	signOut() {
		this.signIn({ authorization: "", tenant: "" });
		this.locked.value = "You have signed out.";
	}

	/* The whole answer: a server that goes away in the middle of it was not reached either. */
	async bytes(path: string, stop?: AbortSignal): Promise<ArrayBuffer> {
		let reply: Response;
		let body: ArrayBuffer;

		try {
			reply = await fetch(path, { redirect: "error", headers: this.headers(), signal: stop });
			body = await reply.arrayBuffer();
		} catch (error) {
			throw new Unreachable(error instanceof Error ? error.message : String(error));
		}
		this.setClock(reply.headers.get("date"));
		if (reply.ok) return body;
		throw this.refusal(reply, body);
	}

	async json(path: string, words?: URLSearchParams, stop?: AbortSignal) {
		const query = words?.toString();

		return JSON.parse(
			new TextDecoder().decode(await this.bytes(query ? `${path}?${query}` : path, stop)),
		);
	}

	/* The header tells the server to leave the browser's own password dialog alone. */
	private headers(): Record<string, string> {
		const headers: Record<string, string> = { "X-Requested-With": "flyover" };

		if (this.credentials.authorization) headers.Authorization = this.credentials.authorization;
		if (this.credentials.tenant) headers["X-Scope-OrgID"] = this.credentials.tenant;
		return headers;
	}

	private setClock(date: string | null) {
		const theirs = date ? Date.parse(date) / 1000 + 0.5 : NaN;
		const ahead = theirs - Date.now() / 1000;

		if (!Number.isNaN(ahead)) this.ahead = Math.abs(ahead) > SLOW_CLOCK_S ? ahead : 0;
	}

	private refusal(reply: Response, body: ArrayBuffer): Refused {
		const text = new TextDecoder().decode(body);
		const refused = new Refused(sentence(text) || `the server answered ${reply.status}`);

		if (reply.status === 413) refused.name = "TooLarge";
		if (reply.status === 401 || reply.status === 403) this.locked.value = refused.message;
		return refused;
	}
}

/* Refusals are {"message":…} or a line of text. */
function sentence(text: string): string {
	try {
		const { message } = JSON.parse(text);

		if (typeof message === "string") return message.slice(0, 500);
	} catch {
		/* then it is text */
	}
	return text.slice(0, 500).trim();
}
