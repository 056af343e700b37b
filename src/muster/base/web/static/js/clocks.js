// Lets written times age: the same words as base/web/times.py writes, on the server's clock rather than the device's.
const DAY = 86400;

let skew = 0;

function now() {
  return Date.now() + skew;
}

function two(big, bigUnit, small, smallUnit) {
  return small ? `${big}${bigUnit} ${small}${smallUnit}` : `${big}${bigUnit}`;
}

export function span(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m`;
  if (s < DAY) return two(Math.floor(s / 3600), "h", Math.floor(s / 60) % 60, "m");
  const days = Math.floor(s / DAY);
  return days >= 14 ? `${days}d` : two(days, "d", Math.floor(s / 3600) % 24, "h");
}

function ago(seconds) {
  return seconds < 60 ? "just now" : `${span(seconds)} ago`;
}

function until(seconds) {
  if (seconds <= 0) return "now";
  return seconds < 60 ? "in under 1m" : `in ${span(seconds)}`;
}

function countdown(seconds) {
  const left = Math.trunc(seconds);
  const size = Math.abs(left);
  const word = left >= 0 ? "left" : "over";
  if (size >= 3600) return `${span(size)} ${word}`;
  return `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")} ${word}`;
}

function judge(remaining, whole) {
  if (whole > 0) {
    const left = Math.max(0, Math.min(1, remaining / whole));
    return [left, left <= 0.1 ? "late" : left <= 1 / 3 ? "soon" : "calm"];
  }
  return [Math.max(0, Math.min(1, remaining / 3600)), remaining <= 120 ? "late" : remaining <= 900 ? "soon" : "calm"];
}

function write(node, words) {
  if (node.textContent !== words) node.textContent = words;
}

function age(node) {
  const at = Date.parse(node.dateTime);
  const passed = (now() - at) / 1000;
  if (node.dataset.kind === "ago") write(node, ago(passed));
  else if (node.dataset.kind === "age") write(node, span(passed));
  else if (node.dataset.kind === "until") write(node, until(-passed));
  else if (node.dataset.kind === "countdown") count(node, at, -passed);
}

function count(node, at, remaining) {
  const from = node.dataset.from ? Date.parse(node.dataset.from) : at;
  const [left, level] = judge(remaining, (at - from) / 1000);
  write(node.querySelector("[data-words]"), countdown(remaining));
  node.querySelector(".ring-left")?.setAttribute("stroke-dasharray", `${Math.round(left * 100)} 100`);
  for (const each of ["calm", "soon", "late"]) node.classList.toggle(`clock-${each}`, each === level);
}

export function tick() {
  for (const node of document.querySelectorAll("time[data-kind]")) age(node);
}

export function synchronise() {
  const said = Date.parse(document.documentElement.dataset.now || "");
  if (!Number.isNaN(said)) skew = said - Date.now();
}

synchronise();
document.addEventListener("muster:fresh", synchronise);
setInterval(tick, 1000);

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`muster_zone=${zone}`)) {
  document.cookie = `muster_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}
