// Says what went wrong between the browser and Muster, where silence would look like success.
function say(text) {
  const place = document.getElementById("flashes") || document.getElementById("main");
  const message = document.createElement("div");
  message.className = "flash flash-refusal";
  message.setAttribute("role", "alert");
  message.textContent = text;
  place.prepend(message);
  setTimeout(() => message.remove(), 15000);
}

document.addEventListener("htmx:sendError", () => {
  say("This did not reach Muster. Nothing was changed; try again when the connection is back.");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  const part = target !== document.body;
  if (xhr.status === 204 || (part ? xhr.status < 400 : xhr.responseText.includes('id="main"'))) return;
  event.detail.shouldSwap = false;
  say(`Muster answered with ${xhr.status} instead of a page. Reload to see whether it was done.`);
});
