/* home: the services of a server, the busiest first, each a link to its flame graph. */
import { render } from "preact";
import { HomeState } from "./home/state";
import { Home } from "./home/page";

const state = new HomeState();

render(<Home state={state} />, document.getElementById("home")!);
state.start();
