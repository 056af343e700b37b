// What a person has begun survives an exchange of the page: half-written forms, opened details, an open dialog. Holds as
// long as the page stays the same one; going to another page takes nothing along.
let staying = false;
// The form that the page to come answers: what it says now counts, also where it takes an earlier refusal away.
let answered = null;

export function beginStay() {
  staying = true;
  answered = null;
}

export function endStay() {
  staying = false;
}

function held(node) {
  if (!staying || node.nodeType !== Node.ELEMENT_NODE) return false;
  if (node.matches("dialog")) return node.open;
  if (answered?.contains(node)) return false;
  // A refusal stays until it is put right or something else is done; a mere renewal does not take it away.
  if (node.matches("[data-hold]:not(form)")) return !answered;
  if (!node.matches("form")) return false;
  return node.hasAttribute("data-dirty") || node.matches("[data-hold], :has([data-hold])");
}

Idiomorph.defaults.callbacks.beforeNodeMorphed = (old) => !held(old);
Idiomorph.defaults.callbacks.beforeNodeRemoved = (old) => !held(old);
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
  !(staying && ["open", "data-touched"].includes(name) && node.matches("dialog, details[data-touched]"));

document.addEventListener("input", (event) => event.target.closest?.("form")?.setAttribute("data-dirty", ""));

document.addEventListener(
  "toggle",
  (event) => event.target.matches?.("details") && event.target.setAttribute("data-touched", ""),
  true,
);

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches("form")) return;
  event.target.removeAttribute("data-dirty");
  event.target.setAttribute("data-sent", "");
});

// Whether a form is on its way: its answer is the next state of the page, and nothing may come in between.
export function sending() {
  return !!document.querySelector("form[data-sent]");
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches("form")) return;
  event.target.removeAttribute("data-sent");
  if (!event.detail.successful) event.target.setAttribute("data-dirty", "");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  answered = event.detail.requestConfig?.elt?.closest?.("form") ?? null;
  staying = new URL(event.detail.xhr.responseURL || location.href).pathname === location.pathname;
});

document.addEventListener("htmx:afterSwap", () => {
  answered = null;
  endStay();
});
