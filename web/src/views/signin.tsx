/* signin: what a server wants before it shows anything: a token, or a name and a password. */
import { useState } from "preact/hooks";
import { Dashboard } from "../model/dashboard";
import { Mark } from "./parts";

export function SignIn({ board }: { board: Dashboard }) {
	const [token, setToken] = useState("");
	const [user, setUser] = useState("");
	const [password, setPassword] = useState("");
	const [tenant, setTenant] = useState("");
	const field = (
		label: string,
		value: string,
		set: (value: string) => void,
		secret = false,
		auto = "off",
	) => (
		<label>
			{label}
			<input
				{...(secret ? { type: "password" as const } : { type: "text" as const })}
				autocomplete={auto}
				spellcheck={false}
				value={value}
				onInput={(event) => set(event.currentTarget.value)}
			/>
		</label>
	);

	return (
		<main class="signin">
			<form
				onSubmit={(event) => {
					event.preventDefault();
					board.server.signIn({
						authorization: token
							? `Bearer ${token.trim()}`
							: user
								? `Basic ${base64(`${user}:${password}`)}`
								: "",
						tenant: tenant.trim(),
					});
				}}
			>
				<h1>
					<Mark /> flyover
				</h1>
				<p role="alert">{board.server.locked.value}</p>
				{field("User", user, setUser, false, "username")}
				{field("Password", password, setPassword, true, "current-password")}
				<p class="or">or</p>
				{field("Token", token, setToken, true)}
				<details>
					<summary>Tenant</summary>
					{field("Sent as X-Scope-OrgID", tenant, setTenant)}
				</details>
				<button type="submit">Sign in</button>
				<p class="quiet">Kept until this tab is closed.</p>
			</form>
		</main>
	);
}

function base64(text: string): string {
	return btoa(Array.from(new TextEncoder().encode(text), (b) => String.fromCharCode(b)).join(""));
}
