// The command palette: places, what this page can do, and what the server finds at /palette.json?q=….
import { open } from "./overlays.js";

const WAIT = 140;

let found = [];
let shown = [];
let chosen = 0;
let waiting = 0;
let asked = "";

const box = () => document.getElementById("palette-input");
const list = () => document.getElementById("palette-list");

function here() {
  const nodes = [...document.querySelectorAll("[data-key]:not([data-palette])")];
  const seen = new Set();
  return nodes
    .map((node) => ({ label: node.dataset.keyLabel || node.textContent.trim(), hint: node.dataset.key, node }))
    .filter((item) => !seen.has(item.label) && seen.add(item.label));
}

function fits(item, words) {
  const text = `${item.label} ${item.hint || ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function draw() {
  const words = box().value.toLowerCase().split(/\s+/).filter(Boolean);
  shown = [...here().filter((item) => fits(item, words)), ...found].slice(0, 40);
  chosen = Math.max(0, Math.min(chosen, shown.length - 1));
  const nodes = shown.map((item, place) => {
    const row = document.createElement("div");
    row.className = "palette-item";
    row.id = `palette-${place}`;
    row.dataset.place = place;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(place === chosen));
    row.append(item.label);
    const hint = document.createElement("span");
    hint.className = "palette-hint";
    hint.textContent = item.hint || "";
    row.append(hint);
    return row;
  });
  if (!nodes.length) {
    const none = document.createElement("p");
    none.className = "palette-none";
    none.textContent = "Nothing has that name.";
    nodes.push(none);
  }
  list().replaceChildren(...nodes);
  box().setAttribute("aria-activedescendant", shown.length ? `palette-${chosen}` : "");
  document.getElementById(`palette-${chosen}`)?.scrollIntoView({ block: "nearest" });
}

async function ask() {
  const query = box().value.trim();
  if (query === asked) return;
  asked = query;
  try {
    const answer = await fetch(`/palette.json?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
    if (answer.ok && query === asked) found = (await answer.json()).actions || [];
  } catch {
    found = [];
  }
  draw();
}

function run(item) {
  document.getElementById("palette").close();
  if (item?.node) item.node.click();
  else if (item?.url) location.assign(item.url);
}

function show() {
  open("palette");
  box().value = "";
  found = [];
  asked = null;
  chosen = 0;
  draw();
  ask();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]")) {
    event.target.closest("dialog")?.close();
    show();
  }
  const row = event.target.closest(".palette-item");
  if (row) run(shown[Number(row.dataset.place)]);
});

document.addEventListener("input", (event) => {
  if (event.target !== box()) return;
  chosen = 0;
  draw();
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT);
});

document.addEventListener("keydown", (event) => {
  if (event.target !== box()) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    chosen = (chosen + step + shown.length) % Math.max(1, shown.length);
    draw();
  } else if (event.key === "Enter") run(shown[chosen]);
  else return;
  event.preventDefault();
});
