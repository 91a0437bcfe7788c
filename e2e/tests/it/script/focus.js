// Focus must be seen on everything that the keyboard reaches, and nothing may cover it. A key was pressed before this runs.
const problems = [];
const name = (element) => (element.closest("thead") ? "thead " : "") + element.tagName.toLowerCase() + [...element.classList].map((one) => `.${one}`).join("");
const reached = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
for (const element of reached) {
  if (element.disabled || !element.checkVisibility({ visibilityProperty: true })) continue;
  element.focus();
  if (document.activeElement !== element) continue;
  const style = getComputedStyle(element);
  const ring = (style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  if (!ring) problems.push(`focus is not visible on ${name(element)}`);
  // A link over two lines has nothing in the middle of its box.
  const box = element.getClientRects()[0];
  if (!box?.width || !box.height) continue;
  // WCAG 2.4.11: something of it must be seen.
  const inside = (value, most) => Math.min(Math.max(value, 0), most - 1);
  const points = [0.1, 0.5, 0.9].map((part) => [box.left + box.width * part, box.top + box.height * part]);
  const tops = points.map(([x, y]) => document.elementFromPoint(inside(x, innerWidth), inside(y, innerHeight)));
  const own = tops.some((top) => top && (element.contains(top) || top.contains(element) || top.closest("label")?.contains(element)));
  const said = element.textContent.trim().slice(0, 20);
  if (!own) problems.push(`${name(element)} “${said}” is hidden behind ${tops[1] ? name(tops[1]) : "the edge of the window"} while it has the focus`);
}
document.activeElement?.blur();
scrollTo(0, 0);
return [...new Set(problems)];
