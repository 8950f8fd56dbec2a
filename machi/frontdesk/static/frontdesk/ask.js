// Shows an answer while it is found. Whatever goes wrong, the form is sent in the ordinary way instead.
"use strict";

const place = document.getElementById("answer");
const part = (id) => document.getElementById(id);

const show = {
  urgent: (line) => { part("urgent").innerHTML = line.html; },
  searching: (line) => { part("progress").textContent = line.html.trim(); },
  found: (line) => { part("found").innerHTML = line.html; },
  sentence: (line) => { part("sentences").insertAdjacentHTML("beforeend", line.html); },
  done: (line) => {
    history.pushState({ answer: true }, "", line.url);
    place.innerHTML = line.html;
    // The answer is a page of its own now: what was above it belongs to the desk.
    document.querySelector(".main").replaceChildren(place);
    // A change of language comes back to here.
    for (const field of document.querySelectorAll("input[name=next]")) field.value = line.url;
    document.body.classList.add("narrow");
    document.title = part("answer-heading").textContent;
    const heading = place.querySelector("h1, h2");
    heading.tabIndex = -1;
    heading.focus();
  },
};

async function* lines(body) {
  const decoder = new TextDecoder();
  let rest = "";
  for (const reader = body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = parts.pop();
    yield* parts.map((text) => JSON.parse(text));
  }
}

async function ask(form, data) {
  const response = await fetch(form.dataset.stream, { method: "POST", body: data });
  if (!response.ok) return false;
  let finished = false;
  for await (const line of lines(response.body)) {
    show[line.kind]?.(line);
    finished = line.kind === "done";
  }
  return finished;
}

function send(form, question) {
  // The button that was pressed is not sent along by submit(): what it held goes in a field.
  if (!form.elements.namedItem("question")?.matches?.("textarea")) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "question", value: question });
    form.append(field);
  }
  form.submit();
}

for (const form of document.querySelectorAll("form[data-stream]")) {
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (place.dataset.busy) return;
    place.dataset.busy = "yes";
    const data = new FormData(form, event.submitter);
    for (const id of ["urgent", "found", "sentences", "progress"]) part(id).replaceChildren();
    part("asked").textContent = data.get("question");
    place.hidden = false;
    place.scrollIntoView({ block: "start" });
    const finished = await ask(form, data).catch(() => false);
    delete place.dataset.busy;
    if (!finished) send(form, data.get("question"));
  });
}

// Back from the answer to the desk, or forward again: the pages as the server gives them.
addEventListener("popstate", () => location.reload());
