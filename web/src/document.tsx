/* document: the page of a file that holds its profile itself. */
import { render } from "preact";
import { EmbeddedSource } from "./api/embedded";
import { Session } from "./model/session";
import { App } from "./views/app";

const session = new Session();

render(<App session={session} />, document.getElementById("app")!);
void session.start(new EmbeddedSource(document));
