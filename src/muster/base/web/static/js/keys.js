// Shortcuts: whatever carries data-key can be reached by that key; "?" lists what the page offers at this moment.
import { open } from "./overlays.js";

const SEQUENCE_FOR = 900;

let first = "";
let firstAt = 0;

function writing(target) {
  return target.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
}

function usable(node) {
  return node.checkVisibility() || node.closest(".rail");
}

function find(key) {
  const open = document.querySelector("dialog[open]");
  return [...(open || document).querySelectorAll("[data-key]")].find((node) => node.dataset.key === key && usable(node));
}

function rows() {
  return [...document.querySelectorAll("[data-row] a[href], [data-row-link]")].filter((link) => link.checkVisibility());
}

function move(step) {
  const links = [...new Map(rows().map((link) => [link.closest("[data-row]") || link, link])).values()];
  const place = links.indexOf(document.activeElement);
  links[Math.max(0, Math.min(links.length - 1, place < 0 && step < 0 ? 0 : place + step))]?.focus();
}

function press(event, key) {
  const target = find(key);
  if (!target) return false;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
  return true;
}

function list() {
  const seen = new Map([
    ["?", "This list"],
    ["j", "Next row"],
    ["k", "Row before"],
    ["/", "Search in this page"],
  ]);
  for (const node of document.querySelectorAll("[data-key]")) {
    if (usable(node) && !seen.has(node.dataset.key)) seen.set(node.dataset.key, node.dataset.keyLabel || node.textContent.trim());
  }
  const nodes = [];
  for (const [key, label] of seen) {
    const term = document.createElement("dt");
    for (const part of key.split(/[ +]/)) {
      const kbd = document.createElement("kbd");
      kbd.textContent = part === "Control" ? "Ctrl" : part;
      term.append(kbd);
    }
    const text = document.createElement("dd");
    text.textContent = label;
    nodes.push(term, text);
  }
  document.getElementById("keys-list")?.replaceChildren(...nodes);
}

document.addEventListener("muster:opens", (event) => event.target.id === "keys" && list(), true);

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    press(event, "Control+K");
    return;
  }
  if (event.ctrlKey && event.key === "Enter") event.target.closest("form")?.requestSubmit();
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || writing(event.target)) return;
  const now = performance.now();
  const pair = first && now - firstAt < SEQUENCE_FOR ? `${first} ${event.key}` : "";
  first = event.key === "g" ? "g" : "";
  firstAt = now;
  if (pair && press(event, pair)) return;
  if (event.key === "?") open("keys");
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") {
    const search = document.querySelector("main input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  } else press(event, event.key);
});
