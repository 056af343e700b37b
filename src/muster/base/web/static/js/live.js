// Keeps an open page true: on an event for one of its topics the page is fetched again and its content exchanged in
// place, keeping focus, half-written forms and opened details. A silent connection is admitted within five seconds.
import { tick } from "./clocks.js";
import { beginStay, endStay, sending } from "./keeping.js";

const QUIET_FOR = 4200;
const LOOK_EVERY = 400;
const GATHER_FOR = 120;
const REST = 1000;
const LONGEST_REST = 15000;
const HIDDEN_FOR = 15000;
const REGIONS = ["rail", "bar", "main"];

let source = null;
let topics = "";
let heardAt = 0;
let lostAt = null;
let retryAt = 0;
let waits = 1000;
let refreshing = false;
let again = false;
let gathering = 0;
let restsUntil = 0;
let hiding = 0;
let visit = 0;

export function start() {
  document.addEventListener("htmx:beforeSwap", () => (visit += 1));
  document.addEventListener("htmx:afterSettle", arrived);
  document.addEventListener("visibilitychange", shown);
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => event.persisted && connect());
  addEventListener("offline", () => lose());
  addEventListener("online", () => connect());
  setInterval(look, LOOK_EVERY);
  connect();
}

function declared() {
  return document.getElementById("main")?.dataset.topics || "";
}

function connect() {
  disconnect();
  topics = declared();
  if (!document.getElementById("live") || document.hidden) return;
  heardAt = performance.now();
  source = new EventSource(`/live?topics=${encodeURIComponent(topics)}`);
  source.addEventListener("hello", opened);
  source.addEventListener("beat", heard);
  source.addEventListener("changed", (event) => {
    heard();
    if (event.data === "*" || topics.split(",").includes(event.data)) gather();
  });
}

function disconnect() {
  source?.close();
  source = null;
}

function opened() {
  waits = 1000;
  heard();
  gather();
}

function heard() {
  heardAt = performance.now();
  if (lostAt) {
    lostAt = null;
    gather();
  }
  show("live", "Live");
}

function look() {
  if (!document.getElementById("live") || document.hidden) return;
  const now = performance.now();
  const silent = now - heardAt > QUIET_FOR;
  if (silent) lose();
  if ((silent || source?.readyState === EventSource.CLOSED) && now > retryAt) {
    retryAt = now + waits;
    waits = Math.min(waits * 1.6, 8000);
    const since = heardAt;
    if (source?.readyState === EventSource.CLOSED) gather();
    connect();
    heardAt = since;
  }
}

function lose() {
  if (!lostAt) lostAt = new Date();
  show("lost", "Connection lost");
}

function show(state, words) {
  const live = document.getElementById("live");
  if (live && live.dataset.liveState !== state) {
    live.dataset.liveState = state;
    live.querySelector("[data-live-text]").textContent = words;
  }
  const strip = document.getElementById("lost");
  if (strip && strip.hidden !== (state !== "lost")) {
    strip.hidden = state !== "lost";
    strip.textContent =
      state === "lost" ? `Connection lost at ${lostAt.toLocaleTimeString("en-GB")}. This page may be old. Reconnecting…` : "";
  }
}

// In a storm a page is fetched again at most once a second, and rarer where fetching it takes long.
function gather() {
  if (gathering) return;
  gathering = setTimeout(
    () => {
      gathering = 0;
      refresh();
    },
    Math.max(GATHER_FOR, restsUntil - performance.now()),
  );
}

async function refresh() {
  // A page that stands alone (sign-in, a secret shown once) was swapped in meanwhile: it does not renew itself.
  if (!document.getElementById("live")) return;
  // One that says it follows nothing (what became of a test, a key shown once) would lose what it shows.
  if (document.getElementById("main")?.dataset.stays !== undefined) return;
  if (refreshing) {
    again = true;
    return;
  }
  if (sending()) return gather();
  refreshing = true;
  const asked = visit;
  const began = performance.now();
  try {
    const answer = await fetch(location.href, { headers: { "X-Muster-Live": "1" }, credentials: "same-origin" });
    const text = await answer.text();
    if (sending()) again = true;
    else if (asked === visit) {
      if (answer.redirected) location.assign(answer.url);
      else if (answer.status === 401) location.reload();
      else if (answer.ok || answer.status === 404 || answer.status === 403) exchange(text);
    }
  } catch {
    again = false;
  } finally {
    refreshing = false;
    const took = performance.now() - began;
    restsUntil = performance.now() + Math.min(LONGEST_REST, Math.max(REST, 4 * took));
    if (again) {
      again = false;
      gather();
    }
  }
}

function exchange(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (!fresh.getElementById("live")) return location.reload();
  beginStay();
  for (const id of REGIONS) {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (old && next) Idiomorph.morph(old, next, { morphStyle: "outerHTML", ignoreActiveValue: true });
  }
  endStay();
  document.title = fresh.title;
  document.documentElement.dataset.now = fresh.documentElement.dataset.now;
  htmx.process(document.getElementById("main"));
  tick();
  if (declared() !== topics) connect();
  document.dispatchEvent(new CustomEvent("muster:fresh"));
}

function arrived(event) {
  if (event.target !== document.body && !event.target.contains?.(document.getElementById("main"))) return;
  const trigger = event.detail?.requestConfig?.elt;
  if (trigger?.matches?.("a")) {
    scrollTo(0, 0);
    document.getElementById("main")?.focus({ preventScroll: true });
  }
  tick();
  if (!document.getElementById("live")) return disconnect();
  show(lostAt ? "lost" : "live", lostAt ? "Connection lost" : "Live");
  if (declared() !== topics || !source) connect();
}

function shown() {
  clearTimeout(hiding);
  if (document.hidden) hiding = setTimeout(disconnect, HIDDEN_FOR);
  else if (!source || source.readyState === EventSource.CLOSED) connect();
  else gather();
}
