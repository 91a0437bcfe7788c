// Search while typing: one request for each finished word. An input method (pinyin) sends an input event
// for every letter of a word that is not chosen yet; those wait until the composition ends.

const PAUSE_MS = 200;

export function search() {
  let waiting;
  const soon = (box) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => send(box), PAUSE_MS);
  };
  document.addEventListener("input", (event) => {
    if (isSearch(event.target) && !event.isComposing) soon(event.target);
  });
  document.addEventListener("compositionstart", (event) => {
    if (isSearch(event.target)) clearTimeout(waiting);
  });
  document.addEventListener("compositionend", (event) => {
    if (isSearch(event.target)) soon(event.target);
  });
}

const isSearch = (element) => element.matches?.("[data-search]");

// Chromium fires input and then compositionend for one word: the same value is asked once.
function send(box) {
  if (!box.isConnected || box.dataset.asked === box.value) return;
  box.dataset.asked = box.value;
  box.form.requestSubmit();
}
