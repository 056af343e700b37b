// The entry of the scripts that every page has; features bring their own. Everything here is an addition: pages are read and forms are sent without it.
import "./theme.js";
import "./clocks.js";
import "./copy.js";
import "./overlays.js";
import "./messages.js";
import "./keys.js";
import "./palette.js";
import "./places.js";
import { start } from "./live.js";

start();
