// Dialogs that open from a button, and messages that can be put away.
export function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.dispatchEvent(new CustomEvent("muster:opens"));
  dialog.showModal();
  // With a keyboard one writes at once; on a phone the keyboard would hide what the form says.
  const wanted = matchMedia("(pointer: fine)").matches ? "input:not([type=hidden]), textarea, select" : "[type=submit]";
  dialog.querySelector(`form :is(${wanted})`)?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    opener.closest("dialog")?.close();
    open(opener.dataset.opens);
    return;
  }
  const dialog = event.target.closest("dialog");
  if (event.target.closest("[data-closes]") || event.target === dialog || (dialog && event.target.closest("a[href]"))) {
    dialog?.close();
  }
  event.target.closest("[data-dismiss]")?.closest(".flash")?.remove();
});

document.addEventListener("submit", (event) => event.target.closest("dialog")?.close());
