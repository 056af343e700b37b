// Makes this browser a contact: asks for permission, subscribes at the browser's own push service, and fills in the form.
const WORKER = "/sw.js";
let told = "";

// A page that renews itself brings its own words again: ours are said once more.
function say(words) {
  told = words;
  const place = document.querySelector("[data-push-says]");
  if (place && told) place.textContent = told;
}

function bytes(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function obstacle() {
  if (!window.isSecureContext) return "Browsers take pushes only from pages that come over HTTPS. Open Muster by its https address.";
  const apple = /iPhone|iPad/.test(navigator.userAgent);
  if (apple && !("PushManager" in window)) return "On an iPhone or iPad, first add Muster to the home screen (Share, Add to Home Screen) and open it from there.";
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return "This browser takes no pushes.";
  if (Notification.permission === "denied") return "Notifications are blocked for this site. Allow them in the browser's settings, then press again.";
  return "";
}

async function subscribe(form) {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("Without permission for notifications no page can be shown here.");
  const response = await fetch(form.dataset.pushKey, { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error("Muster did not give its key. Reload the page and press again.");
  const key = bytes((await response.json()).public_key);
  await navigator.serviceWorker.register(WORKER, { scope: "/" });
  const worker = await navigator.serviceWorker.ready;
  const earlier = await worker.pushManager.getSubscription();
  // One that was made with another key, such as another Muster's at this address, would be refused for ever.
  if (earlier && text(earlier.options.applicationServerKey || new ArrayBuffer(0)) !== text(key.buffer)) await earlier.unsubscribe();
  const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  form.elements.address.value = made.endpoint;
  form.elements.secret.value = `${text(made.getKey("p256dh"))}.${text(made.getKey("auth"))}`;
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form[data-push-key]");
    if (!form || form.elements.address.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const problem = obstacle();
    say(problem || "Asking the browser…");
    if (problem) return;
    subscribe(form).then(
      () => {
        told = "";
        form.requestSubmit();
      },
      (error) => say(error.message),
    );
  },
  true,
);

async function mark() {
  const here = [...document.querySelectorAll("[data-push-address]")];
  if (!here.length || !("serviceWorker" in navigator)) return;
  const worker = await navigator.serviceWorker.getRegistration("/");
  const mine = worker && worker.pushManager && (await worker.pushManager.getSubscription());
  for (const each of here) each.querySelector("[data-push-here]").hidden = !mine || each.dataset.pushAddress !== mine.endpoint;
}

mark();
document.addEventListener("muster:fresh", () => {
  say(told);
  mark();
});
