// One-key acts. Each clicks what the page already shows: the marked element of the active row, else of the page.
// Silent while somebody types or composes, and switchable off (WCAG 2.1.4) on the page /me.

const ACTS = new Set(["e", "s", "u", "c", "n"]);
const GO_MS = 1500;
let goUntil = 0;

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.isComposing || event.keyCode === 229 || types(event.target)) return;
    if (document.body.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
    // In an open panel the keys belong to its form.
    if (event.target.closest?.("details.menu[open] .menu-panel")) return;
    if (act(event)) event.preventDefault();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) activate(row);
  });
  document.addEventListener("submit", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    sent = rows().indexOf(row);
    if (!event.defaultPrevented) sessionStorage.setItem(PLACE, `${location.pathname} ${sent}`);
  });
  document.addEventListener("htmx:after:swap", () => {
    if (sent !== null && lost()) land(sent);
    else if (wanted && !active()) activate(rows()[Math.min(wanted, rows().length - 1)]);
    sent = null;
  });
  goOn();
}

// A form that a row has sent leaves the keyboard where the next row now stands, and not at the top of the page.
const PLACE = "hawser-place";
let sent = null;
const lost = () => !document.activeElement || document.activeElement === document.body;

function goOn() {
  const [path, at] = (sessionStorage.getItem(PLACE) ?? "").split(" ");
  sessionStorage.removeItem(PLACE);
  if (path === location.pathname && lost()) land(Number(at));
}

function land(at) {
  const all = rows();
  if (all.length) take(all[Math.min(at, all.length - 1)]);
}

function take(row) {
  activate(row);
  (row.querySelector("[data-open]") ?? row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function act(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (Date.now() < goUntil) {
    goUntil = 0;
    return press(document.querySelector(`[data-go="${CSS.escape(key)}"]`));
  }
  switch (key) {
    case "j": return move(1);
    case "k": return move(-1);
    case "g": goUntil = Date.now() + GO_MS; return true;
    case "/": return focus(document.querySelector("#main [data-search]") ?? document.querySelector("[data-search]"));
    case "?": return help();
    // A focused link or button keeps its own Enter.
    case "Enter": return event.target.closest("a, button, summary") ? false : press(active()?.querySelector("[data-open]"));
    // A key held down for long acts once: what comes next is another customer.
    default: return ACTS.has(key) && (event.repeat || press(marked(key)));
  }
}

const types = (element) => element.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")];
const active = () => document.querySelector("[data-row].is-active");
const marked = (key) =>
  active()?.querySelector(`[data-key="${key}"]`) ??
  [...document.querySelectorAll(`[data-key="${key}"]`)].find((element) => !element.closest("[data-row]"));

// The place in the list, kept so that the next row is active when the done one has left.
let wanted = 0;

function activate(row) {
  active()?.classList.remove("is-active");
  row?.classList.add("is-active");
  wanted = rows().indexOf(row);
}

function move(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(active());
  take(all[Math.max(0, Math.min(all.length - 1, at + step))]);
  return true;
}

function press(element) {
  if (!element) return false;
  element.click();
  // A panel that opens takes the keyboard to its first field.
  const panel = element.closest("details.menu[open]")?.querySelector(".menu-panel");
  (panel?.querySelector("input:not([type=hidden]), select, textarea") ?? panel?.querySelector("a, button"))?.focus();
  return true;
}

function focus(element) {
  if (!element) return false;
  element.focus();
  element.select?.();
  return true;
}

function help() {
  const dialog = document.getElementById("keys-help");
  if (!dialog) return false;
  dialog.showModal();
  return true;
}
