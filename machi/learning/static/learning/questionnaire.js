// Helps whoever fills in a questionnaire: hides what is not asked, and keeps the draft. Everything works without it.
"use strict";

for (const form of document.querySelectorAll("form[data-questionnaire]")) {
  const questions = [...form.querySelectorAll("[data-question]")];

  // What is answered to a question: a list of options or of one text; for a row of a matrix, its list alone.
  const answer = (name, row) => {
    const box = form.querySelector(`[data-question="${CSS.escape(name)}"]`);
    if (!box || box.hidden) return [];
    const fields = [...box.querySelectorAll("input, select, textarea")];
    return fields
      .filter((field) => !row || field.name === `q_${name}_${row}`)
      .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
      .map((field) => field.value.trim())
      .filter(Boolean);
  };

  // The same rule as machi.learning.engine.questionnaire.holds.
  const holds = (one) => {
    const given = answer(one.question, one.row);
    if (!given.length) return false;
    let met;
    if (one.options) met = given.some((value) => one.options.includes(value));
    else if (one.least !== undefined || one.most !== undefined) {
      const number = Number(given[0].normalize("NFKC").replace(/,/g, ""));
      if (Number.isNaN(number)) return false;
      met = number >= (one.least ?? -Infinity) && number <= (one.most ?? Infinity);
    } else return !one.negated;
    return met !== Boolean(one.negated);
  };

  const show = () => {
    for (const box of questions) box.hidden = !JSON.parse(box.dataset.when).every(holds);
  };

  let waiting;
  let saving = false;
  const state = form.querySelector("[data-saved]");
  const save = async () => {
    if (saving || form.dataset.sent) return;
    saving = true;
    try {
      const answered = await fetch(form.dataset.save, { method: "POST", body: new FormData(form) });
      const told = await answered.json();
      state.textContent = told.message;
      if (told.base) form.elements.base.value = told.base;
    } catch {
      state.textContent = state.dataset.offline;
    } finally {
      saving = false;
    }
  };

  form.addEventListener("input", () => {
    show();
    if (!form.dataset.save) return;
    clearTimeout(waiting);
    waiting = setTimeout(save, 2000);
  });
  show();
}
