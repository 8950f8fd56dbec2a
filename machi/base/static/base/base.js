// Small helps. Every page works without them.
"use strict";

// After a form came back with errors, start where they are listed.
document.querySelector("[data-focus]")?.focus();

// A slow connection must not send a form twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // A page brought back from the browser's memory, or an answer that was a download, may be sent again.
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
