// Opens a shift or an override over the picture instead of as a page of its own: the same page, its middle in a dialog.
const PARTS = "[data-sheet-part]";

let asked = 0;

function sheet() {
  return document.getElementById("oncall-sheet");
}

export async function openSheet(url) {
  const dialog = sheet();
  if (!dialog) return location.assign(url);
  const mine = (asked += 1);
  const target = new URL(url, location.href);
  const back = new URL(location.href);
  back.searchParams.delete("undo");
  target.searchParams.set("back", back.pathname + back.search);
  let fresh;
  try {
    const answer = await fetch(target, { headers: { "X-Muster-Live": "1" }, credentials: "same-origin" });
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(PARTS);
  } catch {
    fresh = null;
  }
  if (mine !== asked) return;
  if (!fresh) return location.assign(target);
  const body = dialog.querySelector("[data-sheet-body]");
  body.replaceChildren(document.importNode(fresh, true));
  document.getElementById("oncall-sheet-title").textContent = fresh.dataset.sheetTitle;
  htmx.process(body);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector(`${PARTS} :is(button, a, select, input:not([type=hidden]))`)?.focus();
}

// What a plain click would do is left to the browser when it is asked for in another way (a new tab).
function plain(event) {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest?.("a[data-sheet], #oncall-sheet a:is([href*='/override?'], [href*='/exchange?'])");
    if (!link || !sheet() || !plain(event)) return;
    event.preventDefault();
    event.stopPropagation();
    openSheet(link.href);
  },
  true,
);

document.addEventListener(
  "close",
  (event) => event.target.id === "oncall-sheet" && event.target.querySelector("[data-sheet-body]").replaceChildren(),
  true,
);
