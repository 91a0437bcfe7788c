// Follows the links of one reader from the first page: (depth, callback). One example for each shape of address.
const [depth, done] = arguments;
const NOT_ANOTHER_PAGE = new Set(["after", "before", "limit", "order", "q", "sort"]);
const MOST_QUERIES = 2;

function shapeOf(address) {
  const path = address.pathname.split("/").map((part) => (/\d/.test(part) ? "{id}" : part)).join("/");
  const names = [...address.searchParams].map(([name, value]) => (name === "tab" ? `tab=${value}` : name)).sort();
  return { path, names, text: path + (names.length ? `?${names.join("&")}` : "") };
}

function addresses(page, base) {
  const links = [...page.querySelectorAll("a[href], form:not([method=post])[action]")];
  return links
    .map((link) => new URL(link.getAttribute("href") ?? link.getAttribute("action"), base))
    .filter((address) => address.origin === location.origin && !address.pathname.startsWith("/api/"));
}

async function follow() {
  const seen = new Set(), queries = new Map(), found = [];
  const waiting = [{ address: new URL("/", location), from: "", depth: 0 }];
  const wanted = (shape) => {
    if (seen.has(shape.text) || shape.names.length > 1 || NOT_ANOTHER_PAGE.has(shape.names[0])) return false;
    const count = queries.get(shape.path) ?? 0;
    if (shape.names.length && count >= MOST_QUERIES && !shape.names[0].startsWith("tab=")) return false;
    if (shape.names.length) queries.set(shape.path, count + 1);
    seen.add(shape.text);
    return true;
  };
  wanted(shapeOf(waiting[0].address));
  while (waiting.length) {
    const { address, from, depth: at } = waiting.shift();
    const answer = await fetch(address.pathname + address.search);
    const html = (answer.headers.get("content-type") ?? "").startsWith("text/html");
    const page = html && new DOMParser().parseFromString(await answer.text(), "text/html");
    const moved = answer.redirected ? shapeOf(new URL(answer.url)) : null;
    found.push({
      shape: shapeOf(address).text,
      path: address.pathname + address.search,
      from,
      status: answer.status,
      html,
      moved: moved !== null,
      search: (html && page.querySelector("main form:not([method=post]) input[type=search]")?.name) || null,
      must_fill: html && [...page.querySelectorAll("main form[method=post] [required]")].some((field) => !field.value),
    });
    if (moved && wanted(moved)) waiting.push({ address: new URL(answer.url), from, depth: at });
    if (!html || moved || at >= depth) continue;
    for (const next of addresses(page, address)) {
      if (wanted(shapeOf(next))) waiting.push({ address: next, from: address.pathname, depth: at + 1 });
    }
  }
  return found;
}

follow().then(done, (problem) => done({ problem: String(problem) }));
