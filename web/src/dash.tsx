/* dash: the pages of a flyover server. */
import { render } from "preact";
import { Dashboard } from "./model/dashboard";
import { Board } from "./views/board";

const board = new Dashboard();

render(<Board board={board} />, document.getElementById("app")!);
board.start();
