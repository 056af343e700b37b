// Changing who is on call by drag: along a lane to mark a time, a person onto a shift, a shift onto another person's.
// Everything here opens the same sheets that a click or the keyboard opens; nothing is changed without a word in them.
import { openSheet } from "./sheet.js";
import { length, stretch, words } from "./snap.js";

const STIRRED = 5;
const NEAR = 8;

let drag = null;

function zone() {
  return document.documentElement.dataset.zone || "UTC";
}

function timesOf(node) {
  return [Date.parse(node.dataset.start), Date.parse(node.dataset.end)];
}

function instantAt(lane, x) {
  const box = lane.getBoundingClientRect();
  const [start, end] = timesOf(lane);
  return start + Math.min(1, Math.max(0, (x - box.left) / box.width)) * (end - start);
}

function edgesOf(lane) {
  const [start, end] = timesOf(lane);
  return [...lane.querySelectorAll("a.shift")].flatMap(timesOf).filter((edge) => edge >= start && edge <= end);
}

function urlOf(lane, page, query) {
  return `/on-call/schedules/${encodeURIComponent(lane.dataset.lane)}/${page}?${new URLSearchParams(query)}`;
}

function iso(instant) {
  return new Date(instant).toISOString();
}

function begin(event) {
  if (event.button !== 0 || event.pointerType === "touch" || drag) return;
  const chip = event.target.closest?.("[data-person].chip-person");
  const lane = event.target.closest?.("[data-lane]");
  if (!chip && !lane) return;
  const shift = event.target.closest("[data-grip]")?.closest("a.shift");
  drag = { kind: chip ? "person" : shift ? "shift" : "mark", chip, lane, shift, x: event.clientX, y: event.clientY, moved: false };
}

function move(event) {
  if (!drag) return;
  if (!drag.moved) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < STIRRED) return;
    drag.moved = true;
    document.documentElement.classList.add("dragging");
    if (drag.kind !== "mark") drag.ghost = ghost(drag.chip || drag.shift);
  }
  event.preventDefault();
  if (drag.kind === "mark") mark(event.clientX);
  else carry(event);
}

function ghost(source) {
  const node = document.createElement("div");
  node.className = "dragged";
  node.append(...[...source.querySelectorAll(".disc")].map((disc) => disc.cloneNode(true)));
  node.append(source.querySelector(".shift-who")?.textContent || source.lastChild.textContent);
  document.body.append(node);
  return node;
}

function mark(x) {
  const { lane } = drag;
  const box = lane.getBoundingClientRect();
  const [start, end] = timesOf(lane);
  const near = (NEAR / box.width) * (end - start);
  drag.marked = stretch(instantAt(lane, drag.x), instantAt(lane, x), start, end, edgesOf(lane), near);
  const [from, to] = drag.marked;
  if (!drag.sign) {
    drag.sign = document.createElement("div");
    drag.sign.className = "lane-mark";
    drag.sign.append(document.createElement("span"));
    lane.append(drag.sign);
  }
  drag.sign.style.left = `${((from - start) / (end - start)) * 100}%`;
  drag.sign.style.width = `${((to - from) / (end - start)) * 100}%`;
  drag.sign.firstChild.textContent = `${words(from, zone())} to ${words(to, zone())}, ${length(to - from)}`;
}

function under(event) {
  return document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-lane] a.shift");
}

function carry(event) {
  drag.ghost.style.left = `${event.clientX + 12}px`;
  drag.ghost.style.top = `${event.clientY + 10}px`;
  const target = under(event);
  if (target === drag.target) return;
  drag.target?.classList.remove("lane-target");
  const fits = target && target !== drag.shift && (!drag.lane || target.closest("[data-lane]").dataset.lane === drag.lane.dataset.lane);
  drag.target = fits ? target : null;
  drag.target?.classList.add("lane-target");
}

function drop() {
  const done = drag;
  stop();
  if (!done?.moved) return;
  // The click that follows a drag is not one.
  addEventListener("click", (event) => (event.preventDefault(), event.stopPropagation()), { capture: true, once: true });
  setTimeout(() => dispatchEvent(new MouseEvent("click", { cancelable: true })), 0);
  if (done.kind === "mark" && done.marked) {
    openSheet(urlOf(done.lane, "override", { start: iso(done.marked[0]), end: iso(done.marked[1]) }));
  } else if (done.target) {
    const lane = done.target.closest("[data-lane]");
    const { start, end, people } = done.target.dataset;
    if (done.kind === "person") openSheet(urlOf(lane, "override", { person: done.chip.dataset.person, start, end }));
    else {
      const mine = done.shift.dataset;
      const query = { start: mine.start, end: mine.end, with_start: start, with_end: end, with: people };
      openSheet(urlOf(lane, "exchange", query));
    }
  }
}

function stop() {
  document.documentElement.classList.remove("dragging");
  drag?.ghost?.remove();
  drag?.sign?.remove();
  drag?.target?.classList.remove("lane-target");
  drag = null;
}

// Left and right go from shift to shift of a lane.
function step(event) {
  if (event.key === "Escape" && drag) return stop();
  if (!["ArrowLeft", "ArrowRight"].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  const lane = event.target.closest?.("[data-lane]");
  if (!lane || !event.target.matches("a.shift")) return;
  const shifts = [...lane.querySelectorAll("a.shift")];
  const next = shifts[shifts.indexOf(event.target) + (event.key === "ArrowRight" ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

document.addEventListener("pointerdown", begin);
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", stop);
document.addEventListener("keydown", step);
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-lane], .chip-person") && event.preventDefault());

