// Opens one closed menu after the other: (number) → null when there is no such menu, else what is wrong while it is open.
const [number, width] = arguments;
if (window.journeyOpened) window.journeyOpened.open = false;
const closed = [...document.querySelectorAll("details")].filter((one) => one.querySelector("summary").checkVisibility({ visibilityProperty: true }));
const kinds = new Map();
for (const one of closed) {
  const summary = one.querySelector("summary");
  const kind = summary.className + summary.textContent.trim();
  // The last of its kind: a panel under the last row has the least room.
  kinds.set(kind, one);
}
const details = [...kinds.values()][number];
if (!details) return null;
details.querySelector("summary").scrollIntoView({ block: "nearest" });
details.open = true;
window.journeyOpened = details;
const problems = [];
const name = (element) => element.tagName.toLowerCase() + [...element.classList].map((one) => `.${one}`).join("");
const title = details.querySelector("summary").textContent.trim().slice(0, 20);
const panel = [...details.children].find((child) => child.tagName !== "SUMMARY");
if (panel) {
  const box = panel.getBoundingClientRect();
  if (box.left < -1 || box.right > width + 1) problems.push(`the open menu ${name(details)} “${title}” leaves the window sideways`);
  for (let at = panel.parentElement; at && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (getComputedStyle(panel).position === "fixed" || style.overflow === "visible") continue;
    const edge = at.getBoundingClientRect();
    if (box.bottom > edge.bottom + 1 || box.top < edge.top - 1) problems.push(`the open menu “${title}” is cut off by ${name(at)}`);
  }
}
if (document.documentElement.scrollWidth > width) problems.push(`with the menu “${title}” open the page scrolls sideways`);
return problems;
