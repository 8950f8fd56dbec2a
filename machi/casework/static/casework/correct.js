// Shortcuts for correcting values. Without it Enter, Tab and the links do the same.
"use strict";

const form = document.querySelector("[data-correct]");
// Among radio buttons the one that is set: Enter keeps it.
const first =
  form?.querySelector("input[type=radio]:checked") ??
  form?.querySelector("input:not([type=hidden]), select, textarea");
if (first) {
  first.focus();
  if (first.type === "text") first.select();
}

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const link = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// Radio buttons and ticks do not send a form on Enter everywhere.
form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
  event.preventDefault();
  form.requestSubmit();
});
