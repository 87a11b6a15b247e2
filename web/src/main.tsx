/* main: finds the source of the profile and puts the page into the document. */
import { render } from "preact";
import { EmbeddedSource } from "./api/embedded";
import { HttpSource } from "./api/http";
import { Session } from "./model/session";
import { App } from "./views/app";

const session = new Session();

render(<App session={session} />, document.getElementById("app")!);
void session.start(EmbeddedSource.find(document) ?? new HttpSource());
