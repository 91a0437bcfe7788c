// Runs before every page's own script: keeps what the page should not have done.
window.journeySaw = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.journeySaw.push(`content policy: ${event.violatedDirective} blocked ${event.blockedURI} (${event.sample})`);
});
window.addEventListener("error", (event) => {
  window.journeySaw.push(`script error: ${event.message ?? event.target?.src ?? event.target?.href}`);
}, true);
window.addEventListener("unhandledrejection", (event) => window.journeySaw.push(`unhandled rejection: ${event.reason}`));
for (const level of ["error", "warn"]) {
  const original = console[level];
  console[level] = (...words) => {
    window.journeySaw.push(`console ${level}: ${words.map(String).join(" ")}`);
    original.apply(console, words);
  };
}
