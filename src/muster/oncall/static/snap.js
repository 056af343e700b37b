// Where a drag along a lane lands: on the half hours of the day's clock, and on hand-offs that are near.
export const GRID = 30 * 60 * 1000;

// `start` is a local midnight, so counting half hours from it stays on the clock also on days of 23 and 25 hours.
export function snap(instant, start, edges, near) {
  const close = edges.filter((edge) => Math.abs(edge - instant) <= near).sort((a, b) => Math.abs(a - instant) - Math.abs(b - instant));
  return close.length ? close[0] : start + Math.round((instant - start) / GRID) * GRID;
}

// The marked stretch between two points of a drag, never empty, inside `[first, last]`.
export function stretch(a, b, first, last, edges, near) {
  const low = Math.max(first, snap(Math.min(a, b), first, edges, near));
  const high = Math.min(last, snap(Math.max(a, b), first, edges, near));
  return high > low ? [low, high] : [Math.min(low, last - GRID), Math.min(low + GRID, last)];
}

export function words(instant, zone) {
  const parts = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  return new Intl.DateTimeFormat("en-GB", parts).format(instant).replace(",", "");
}

export function length(span) {
  const minutes = Math.round(span / 60000);
  const days = Math.floor(minutes / 1440);
  const rest = [[days, "d"], [Math.floor(minutes / 60) % 24, "h"], [minutes % 60, "m"]].filter(([many]) => many);
  return rest.map(([many, unit]) => `${many}${unit}`).join(" ") || "0m";
}
