// Auto, light or dark: kept in a cookie, so that the server writes it into the page and nothing flashes.
const ORDER = ["auto", "light", "dark"];

function current() {
  return document.documentElement.dataset.theme || "auto";
}

function say() {
  for (const node of document.querySelectorAll("[data-theme-word]")) node.textContent = `Theme: ${current()}`;
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  document.cookie = `muster_theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  say();
}

document.addEventListener("click", (event) => {
  const next = event.target.closest("[data-theme-next]");
  const chosen = event.target.closest("[data-theme-choose]");
  if (next) choose(ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length]);
  if (chosen) choose(chosen.dataset.themeChoose);
});
document.addEventListener("htmx:afterSettle", say);
say();
