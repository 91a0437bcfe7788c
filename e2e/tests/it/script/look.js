// What is wrong with the page as it stands now: (width, language) → sentences.
const [width, language] = arguments;
const problems = [];
const SLACK = 1;
const BOXES = "button, .btn, .tag, .chip, .choice, .tile, .menu-item, .nav-entry, .card, td, th";

function nameOf(element) {
  const parts = [];
  for (let at = element; at && at !== document.body && parts.length < 4; at = at.parentElement) {
    const id = at.id && !/\d/.test(at.id) ? `#${at.id}` : "";
    parts.unshift(at.tagName.toLowerCase() + (id || [...at.classList].map((name) => `.${name}`).join("")));
    if (id) break;
  }
  return parts.join(" > ");
}
const words = (text) => `“${text.replaceAll(/\s+/g, " ").trim().slice(0, 60)}”`;
const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });

// Only for screen readers: a box of one pixel, or moved out of sight on purpose (the skip link).
function outOfSight(element) {
  for (let at = element; at && at !== document.body; at = at.parentElement) {
    const box = at.getBoundingClientRect();
    if (box.width <= 1 && box.height <= 1) return true;
    if (at.matches(".skip, .visually-hidden")) return true;
  }
  return false;
}

function whole() {
  if (!document.title.trim()) problems.push("the page has no title");
  if (document.documentElement.lang !== language) problems.push(`lang is ${words(document.documentElement.lang)} instead of ${language}`);
  const headings = [...document.querySelectorAll("h1")].filter(shown);
  if (headings.length !== 1) problems.push(`${headings.length} h1 instead of one`);
  if (headings.some((heading) => !heading.textContent.trim())) problems.push("the h1 is empty");
  const missing = document.body.innerText.match(/\b(?:web|access|customer|shipment|worklist|interaction|exchange|lifecycle|error)-[a-z]+[a-z_-]*\b/);
  if (missing) problems.push(`a text key instead of a text: ${missing[0]}`);
}

function sideways() {
  const reach = document.documentElement.scrollWidth;
  const all = [...document.body.querySelectorAll("*")].filter(shown);
  if (reach > width) {
    const wide = all.filter((element) => {
      const box = element.getBoundingClientRect();
      return box.right + scrollX > width + SLACK && !element.closest(".table-wrap:not(:scope)") && !outOfSight(element);
    });
    const inner = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
    problems.push(`the page scrolls sideways by ${reach - width} px: ${inner.slice(0, 3).map(nameOf).join(", ") || "?"}`);
  }
  for (const element of all) {
    const flow = getComputedStyle(element).overflowX;
    if (flow !== "auto" && flow !== "scroll") continue;
    if (element.matches(".table-wrap, textarea, select, input") || element.scrollWidth <= element.clientWidth + SLACK) continue;
    problems.push(`scrolls sideways by ${element.scrollWidth - element.clientWidth} px: ${nameOf(element)}`);
  }
}

// A text must lie inside every box that cuts off what sticks out, and inside the control that it labels.
function clipped() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || parent.closest("option, script, template, textarea") || !shown(parent) || outOfSight(parent)) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    for (let at = parent; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at), edge = at.getBoundingClientRect();
      const across = box.left < edge.left - SLACK || box.right > edge.right + SLACK;
      const along = box.top < edge.top - SLACK - 2 || box.bottom > edge.bottom + SLACK + 2;
      const cuts = (flow) => flow === "hidden" || flow === "clip";
      const scrolls = (flow) => flow === "auto" || flow === "scroll";
      if ((across && cuts(style.overflowX)) || (along && cuts(style.overflowY))) {
        problems.push(`text is clipped by ${nameOf(at)}: ${words(text.data)}`);
        break;
      }
      if ((across && scrolls(style.overflowX)) || (along && scrolls(style.overflowY))) break;
      if (across && at.matches(BOXES)) {
        problems.push(`text sticks out of ${nameOf(at)}: ${words(text.data)}`);
        break;
      }
    }
  }
}

// Texts inside selects and of placeholders have no box of their own: measured by their font.
function clippedInFields() {
  const pen = document.createElement("canvas").getContext("2d");
  for (const field of document.querySelectorAll("select:not([multiple]), input[placeholder]")) {
    if (!shown(field) || outOfSight(field)) continue;
    const text = field.matches("select") ? (field.selectedOptions[0]?.text ?? "") : field.value || field.placeholder;
    const style = getComputedStyle(field);
    const letters = field.matches("input") && !field.value ? getComputedStyle(field, "::placeholder") : style;
    pen.font = `${letters.fontWeight} ${letters.fontSize} ${letters.fontFamily}`;
    const room = field.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    const over = pen.measureText(text).width - room;
    // A hint shows an example; in the longer language it may end early.
    if (language === "qps" && !field.matches("select")) continue;
    if (over > SLACK) problems.push(`text is cut off by ${Math.ceil(over)} px in ${nameOf(field)}: ${words(text)}`);
  }
}

// Boxes to tick that are called the same cannot be told apart.
function twins() {
  const seen = new Set();
  for (const box of document.querySelectorAll("main :is([type=checkbox], [type=radio])")) {
    const label = (box.labels[0]?.textContent ?? box.getAttribute("aria-label") ?? "").trim();
    const key = [...document.forms].indexOf(box.form) + box.name + label;
    if (seen.has(key)) problems.push(`two boxes ${box.name} are both called ${words(label)}`);
    seen.add(key);
  }
}

whole();
twins();
sideways();
clipped();
clippedInFields();
return [...new Set(problems)];
