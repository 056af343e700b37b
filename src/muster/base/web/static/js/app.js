// The one entry of the page's scripts. Everything here is an addition: pages are read and forms are sent without it.
import "./theme.js";
import "./clocks.js";
import "./copy.js";
import "./overlays.js";
import "./messages.js";
import "./keys.js";
import "./palette.js";
import "./places.js";
import "./push.js";
import "./passkey.js";
import "./sheet.js";
import "./timeline.js";
import { start } from "./live.js";

start();
