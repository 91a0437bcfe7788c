// Where an answer goes. 422 is a form with its problems: it takes the form's place like any other answer.
// Every other refusal or failure goes to the toast, never into the page: an unhandled 404 must not land in a table row.

const UNDO_SECONDS = 60;

export function answers() {
  document.addEventListener("htmx:after:request", (event) => {
    const { response, hx, text } = event.detail.ctx;
    if (response.status < 400 || response.status === 422) return;
    if (hx.redirect || hx.location || hx.refresh === "true") return; // signed out: the server says where to go
    event.preventDefault();
    toast(sentence(text) ?? document.body.dataset.failed);
  });
  document.addEventListener("htmx:error", () => toast(document.body.dataset.offline));
  document.addEventListener("htmx:after:swap", () => {
    fade();
    document.querySelector("#main [aria-invalid='true']")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close-toast]")) box().replaceChildren();
  });
  fade();
}

const box = () => document.getElementById("toast");

// The sentence that an error page or fragment marks with data-problem; another server's page has none.
function sentence(html) {
  const page = new DOMParser().parseFromString(html ?? "", "text/html");
  return page.querySelector("[data-problem]")?.textContent.trim();
}

function toast(words) {
  const note = document.createElement("div");
  note.className = "notice notice-risk";
  note.setAttribute("role", "alert");
  note.textContent = words;
  box().replaceChildren(note);
  fade();
}

let fading;
function fade() {
  clearTimeout(fading);
  if (box()?.children.length) fading = setTimeout(() => box().replaceChildren(), UNDO_SECONDS * 1000);
}
