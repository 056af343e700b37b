// Goes to the place in a text that a fault names: a button with data-line, data-column and data-in (the textarea's id).
document.addEventListener("click", (event) => {
  const place = event.target.closest?.("[data-line]");
  const text = place && document.getElementById(place.dataset.in);
  if (!text) return;
  const lines = text.value.split("\n");
  const line = Math.min(Number(place.dataset.line), lines.length);
  const before = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  const from = before + Math.min(Number(place.dataset.column) - 1, lines[line - 1].length);
  text.focus();
  text.setSelectionRange(from, before + lines[line - 1].length);
  text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, line - 6);
});
