// Drawing a field's box on the picture of a blank form. The numbers beside it do the same without.
"use strict";

let chosen = null;

for (const button of document.querySelectorAll("[data-draw]")) {
  button.hidden = false;
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", () => choose(button.closest("[data-field]"), button));
}

function choose(field, button) {
  const again = chosen === field;
  for (const other of document.querySelectorAll("[data-draw]")) other.setAttribute("aria-pressed", "false");
  for (const rect of document.querySelectorAll(".drawing rect")) rect.classList.remove("chosen");
  chosen = again ? null : field;
  for (const page of document.querySelectorAll(".drawing")) page.classList.toggle("active", chosen !== null);
  if (!chosen) return;
  button.setAttribute("aria-pressed", "true");
  rectOf(chosen)?.classList.add("chosen");
  document.querySelector(".drawing")?.scrollIntoView({ block: "start" });
}

function rectOf(field) {
  return document.querySelector(`.drawing rect[data-at="${CSS.escape(field.dataset.field)}"]`);
}

for (const page of document.querySelectorAll(".drawing")) {
  let start = null;

  const at = (event) => {
    const box = page.getBoundingClientRect();
    const share = (value, from, size) => Math.min(100, Math.max(0, ((value - from) / size) * 100));
    return { x: share(event.clientX, box.left, box.width), y: share(event.clientY, box.top, box.height) };
  };

  page.addEventListener("pointerdown", (event) => {
    if (!chosen) return;
    event.preventDefault();
    page.setPointerCapture(event.pointerId);
    start = at(event);
  });

  page.addEventListener("pointermove", (event) => {
    if (start) draw(page, start, at(event));
  });

  page.addEventListener("pointerup", (event) => {
    if (!start) return;
    draw(page, start, at(event));
    start = null;
  });
}

function draw(page, one, other) {
  const box = {
    left: Math.min(one.x, other.x),
    top: Math.min(one.y, other.y),
    right: Math.max(one.x, other.x),
    bottom: Math.max(one.y, other.y),
  };
  let rect = rectOf(chosen);
  if (!rect) {
    rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    rect.dataset.at = chosen.dataset.field;
    rect.classList.add("chosen");
  }
  page.querySelector("svg").append(rect);
  rect.setAttribute("x", box.left);
  rect.setAttribute("y", box.top);
  rect.setAttribute("width", box.right - box.left);
  rect.setAttribute("height", box.bottom - box.top);
  for (const [side, value] of Object.entries(box)) input(side).value = value.toFixed(2);
  input("page").value = page.dataset.page;
}

function input(side) {
  return chosen.querySelector(`[data-side="${side}"]`);
}
