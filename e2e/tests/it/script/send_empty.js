// Sends the first form that must be filled, as a browser that does not check the fields itself.
const field = [...document.querySelectorAll("main form[method=post] [required]")].find((one) => !one.value);
field.form.noValidate = true;
setTimeout(() => field.form.requestSubmit());
