// Muster's service worker: shows pages that are pushed, also while no page is open, and answers them from the notification.
// It keeps nothing and serves nothing: every page comes from the network.
const ICON = "ICON_URL";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const page = read(event.data);
  // Shown first: a browser that is told nothing to show ends the subscription.
  event.waitUntil(show(page).then(() => post(page.receipt)));
});

self.addEventListener("notificationclick", (event) => {
  const page = event.notification.data || {};
  const address = { acknowledge: page.acknowledge, escalate: page.escalate }[event.action];
  // An answer takes this one's place by its tag; closing it as well could close the answer, when that comes first.
  if (!address || !page.tag) event.notification.close();
  event.waitUntil(address ? answer(page, address) : open(page.url));
});

function read(data) {
  try {
    return data.json();
  } catch {
    return { title: "Muster", body: "A page arrived that cannot be read. Open Muster.", url: "/", tag: "muster" };
  }
}

function show(page) {
  const paging = Boolean(page.acknowledge);
  const actions = paging ? [{ action: "acknowledge", title: "Acknowledge" }, { action: "open", title: "Open" }] : [];
  return self.registration.showNotification(page.title || "Muster", {
    body: page.body || "",
    tag: page.tag,
    renotify: Boolean(page.tag),
    requireInteraction: paging,
    vibrate: page.severity === "critical" ? [400, 150, 400, 150, 800] : [200, 100, 200],
    icon: ICON,
    badge: ICON,
    actions,
    data: page,
  });
}

async function answer(page, address) {
  const response = await post(address);
  let said = "Muster could not be reached. Open the page, or press again.";
  if (response) said = await sentence(response);
  const done = Boolean(response && response.ok);
  // What could not be said keeps its buttons.
  const next = { ...page, title: page.ref ? `${page.ref}: ${said}` : said, body: done ? page.title : page.body };
  if (done) next.acknowledge = "";
  await show(next);
}

async function sentence(response) {
  if ((response.headers.get("content-type") || "").includes("json")) {
    const body = await response.json();
    return body.said || [body.title, body.detail].filter(Boolean).join(" ");
  }
  return response.ok ? "your answer has arrived." : "the answer was refused. Open the page.";
}

async function post(address) {
  if (!address) return null;
  try {
    // Without cookies: the signed address is all the authority there is.
    return await fetch(address, { method: "POST", credentials: "omit", redirect: "error" });
  } catch {
    return null;
  }
}

async function open(url) {
  const target = new URL(url || "/", self.location.origin).href;
  for (const client of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (client.url === target) return client.focus();
  }
  return self.clients.openWindow(target);
}
