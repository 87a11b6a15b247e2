/* status: what is waited for, and what went wrong: said in one place, while the last picture stays. */
import { computed, signal } from "@preact/signals";
import { Unreachable } from "../api/source";

const RETRY_MS = 3000;

export class Status {
	private under = signal<readonly string[]>([]); // what is fetched now, the latest last
	readonly waiting = computed(() => this.under.value[this.under.value.length - 1] ?? "");
	readonly lost = signal(""); // the source cannot be reached: why
	readonly refused = signal(""); // the source said no

	/* Asks whether the source is back, and loads again what is looked at; fails if it is not. */
	again: () => Promise<void> = async () => undefined;

	/* Runs a fetch; what went wrong becomes a banner and what was there before stays. */
	async attempt(what: string, run: () => Promise<void>) {
		this.under.value = [...this.under.peek(), what];
		try {
			await run();
			this.lost.value = "";
			this.refused.value = "";
		} catch (error) {
			this.fail(error);
		}
		const at = this.under.value.indexOf(what);

		this.under.value = this.under.value.filter((_, i) => i !== at);
	}

	private fail(error: unknown) {
		const reason = error instanceof Error ? error.message : String(error);

		if (error instanceof Unreachable) {
			if (!this.lost.value) setTimeout(() => void this.probe(), RETRY_MS);
			this.lost.value = reason;
		} else this.refused.value = reason;
	}

	async probe() {
		if (!this.lost.value) return;
		try {
			await this.again();
			this.lost.value = "";
		} catch (error) {
			if (error instanceof Unreachable) setTimeout(() => void this.probe(), RETRY_MS);
			else this.fail(error);
		}
	}
}
