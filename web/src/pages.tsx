/* pages: what a server's document shows: the pages of many profiles, or of the one it has. */
import { render } from "preact";
import { HttpSource } from "./api/http";
import { Dashboard } from "./model/dashboard";
import { Session } from "./model/session";
import { App } from "./views/app";
import { Board } from "./views/board";

const app = document.getElementById("app")!;

if (app.dataset.page === "server") {
	const board = new Dashboard();

	/* What is asked for is on its way while the page is drawn. */
	board.start();
	render(<Board board={board} />, app);
} else {
	const session = new Session();

	void session.start(new HttpSource());
	render(<App session={session} />, app);
}
