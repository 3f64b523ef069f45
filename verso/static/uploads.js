// Uploads one file per request, two at a time, with a bar for each and a sentence for what is refused.
// Without this the same form sends all files at once.

const form = document.querySelector("[data-uploads]");
const input = form.querySelector("input[type=file]");
const list = form.querySelector(".upload-list");
const summary = form.querySelector(".upload-summary");
const waiting = [];
const counts = { all: 0, done: 0, refused: 0 };
let running = 0;

function line(file) {
  const item = document.createElement("li");
  const name = Object.assign(document.createElement("bdi"), { className: "file-name", textContent: file.name });
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  const words = Object.assign(document.createElement("span"), { className: "upload-words", textContent: form.dataset.waiting });
  item.append(name, bar, words);
  list.append(item);
  return { item, bar, words };
}

function say() {
  summary.textContent = form.dataset.summary
    .replace("{done}", counts.done)
    .replace("{all}", counts.all)
    .replace("{refused}", counts.refused);
}

function finish({ item, bar, words }, kind, sentence) {
  counts[kind] += 1;
  item.classList.add(`is-${kind}`);
  bar.hidden = true;
  words.textContent = sentence;
  running -= 1;
  say();
  next();
}

function answered(request, shown) {
  const isJson = (request.getResponseHeader("Content-Type") ?? "").includes("json");
  if (!isJson) return finish(shown, "refused", form.dataset.signedOut);
  const answer = JSON.parse(request.responseText);
  if (request.status !== 201) return finish(shown, "refused", answer.detail);
  const link = Object.assign(document.createElement("a"), { href: answer.page, textContent: answer.name });
  shown.item.querySelector("bdi").replaceChildren(link);
  return finish(shown, "done", form.dataset.done);
}

function send({ file, shown }) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append(input.name, file, file.name);
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    shown.bar.value = event.lengthComputable ? event.loaded / event.total : 0;
    shown.words.textContent = "";
    // All bytes are there: what is left is the server's work, which has no measure.
    if (event.loaded === event.total) shown.bar.removeAttribute("value");
  });
  request.addEventListener("load", () => answered(request, shown));
  request.addEventListener("error", () => finish(shown, "refused", form.dataset.lost));
  request.send(body);
}

function next() {
  while (running < 2 && waiting.length) {
    running += 1;
    send(waiting.shift());
  }
  if (!running && !waiting.length) refresh();
}

async function refresh() {
  const answer = await fetch(location.pathname + location.search, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("shelf");
  if (fresh) document.getElementById("shelf").replaceChildren(...fresh.childNodes);
}

function take(files) {
  for (const file of files) {
    counts.all += 1;
    waiting.push({ file, shown: line(file) });
  }
  say();
  next();
}

form.querySelector("button").hidden = true;
form.querySelector(".drop-hint").hidden = false;
function takeChosen() {
  take([...input.files]);
  input.value = "";
}

input.addEventListener("change", takeChosen);
// Chosen before this was here.
if (input.files.length) takeChosen();
form.addEventListener("submit", (event) => event.preventDefault());
for (const name of ["dragenter", "dragover"]) {
  form.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    form.classList.add("is-over");
  });
}
for (const name of ["dragleave", "drop"]) {
  form.addEventListener(name, () => form.classList.remove("is-over"));
}
form.addEventListener("drop", (event) => {
  event.preventDefault();
  take([...event.dataTransfer.files]);
});
