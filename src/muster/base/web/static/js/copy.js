// Puts an identifier or a snippet on the clipboard and says so.
async function copy(button) {
  const text = button.dataset.copy;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  const words = button.querySelector("span") || button;
  const before = words.textContent;
  if (button.classList.contains("copy-done")) return;
  button.classList.add("copy-done");
  words.textContent = "Copied";
  setTimeout(() => {
    button.classList.remove("copy-done");
    words.textContent = before;
  }, 1200);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
