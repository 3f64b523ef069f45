// Images in a text: pasted, dropped, chosen from a file or from those that are there already.

import { insert } from "./editor-marks.js";

const dialog = document.getElementById("image-picker");
const words = document.getElementById("image-words");
const files = document.getElementById("image-files");
const shelf = document.getElementById("image-shelf");
const status = document.getElementById("image-status");
// How an image begins that nobody has described.
const UNDESCRIBED = "![](";

function say(sentence, name = "", reason = "") {
  status.textContent = sentence.replace("{name}", name).replace("{reason}", reason);
}

/** Put something else where a mark stands, wherever that is by now; nothing where it was deleted. */
function exchange(body, mark, text, isChosen) {
  const from = body.value.indexOf(mark);
  if (from < 0) return;
  const { selectionStart, selectionEnd } = body;
  const moved = (place) => (place <= from ? place : Math.max(from, place + text.length - mark.length));
  insert(body, text, from, from + mark.length);
  body.setSelectionRange(moved(selectionStart), moved(selectionEnd));
  // Who chose it and has not gone on typing describes it now.
  const isThere = selectionStart === from + mark.length && selectionEnd === selectionStart;
  if (isChosen && isThere && text.startsWith(UNDESCRIBED)) body.setSelectionRange(from + 2, from + 2);
}

function markdown(alt, url) {
  return `![${alt.replace(/[[\]\\]/g, "\\$&")}](${url})`;
}

async function send(url, file) {
  const form = new FormData();
  form.append("file", file, file.name);
  let answer;
  try {
    answer = await fetch(url, { method: "POST", body: form, headers: { Accept: "application/json" } });
  } catch {
    return { refused: dialog.dataset.lost };
  }
  const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
  if (answer.redirected || !isJson) return { refused: dialog.dataset.out };
  const told = await answer.json();
  return answer.status === 201 ? { text: told.markdown, url: told.url } : { refused: told.detail ?? told.title };
}

export function startImages(form, body) {
  let number = 0;
  // Where the text was left: a dialog takes the selection away.
  let place = null;
  // The field that the address of an image goes into; null for the text.
  let field = null;
  const locale = () => encodeURIComponent(form.elements.locale.value);

  function leave() {
    const left = place ?? [body.selectionStart, body.selectionEnd];
    place = null;
    return left;
  }

  // What is on its way, which a save waits for.
  const pending = new Set();
  // What stands for each mark in whatever is sent or kept: nothing yet, or the image, should an undo bring the mark back.
  const meant = new Map();

  async function upload(file, isChosen) {
    number += 1;
    const name = file.name.replace(/[[\]\\\n]/g, "");
    const mark = `![${dialog.dataset.uploading.replace("{name}", name)} #${number}]()`;
    meant.set(mark, "");
    insert(body, mark, ...leave());
    say("");
    const answer = send(`${dialog.dataset.upload}?locale=${locale()}`, file);
    pending.add(answer);
    const { text, refused } = await answer;
    pending.delete(answer);
    meant.set(mark, text ?? "");
    exchange(body, mark, text ?? "", isChosen);
    if (refused) say(dialog.dataset.refused, file.name, refused);
    else if (text.startsWith(UNDESCRIBED)) say(dialog.dataset.undescribed);
  }

  async function search() {
    const query = new URLSearchParams({ q: words.value, locale: form.elements.locale.value });
    const answer = await fetch(`${dialog.dataset.shelf}?${query}`).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    shelf.replaceChildren(...page.body.childNodes);
  }

  function put(place, url) {
    say("");
    place.value = url;
    place.dispatchEvent(new Event("input", { bubbles: true }));
    place.focus();
  }

  async function uploadFor(place, file) {
    say(dialog.dataset.uploading, file.name);
    const { url, refused } = await send(`${dialog.dataset.upload}?locale=${locale()}`, file);
    say(refused ? dialog.dataset.refused : "", file.name, refused);
    if (url) put(place, url);
  }

  function take(list, isChosen = false) {
    const images = [...list].filter((file) => file.type.startsWith("image/"));
    const other = [...list].find((file) => !images.includes(file));
    images.forEach((file) => upload(file, isChosen));
    if (other) say(dialog.dataset.refused, other.name, dialog.dataset.other);
    return list.length > 0;
  }

  form.addEventListener("formdata", ({ formData }) => {
    const text = [...meant].reduce((sent, [mark, image]) => sent.replaceAll(mark, () => image), formData.get("body"));
    formData.set("body", text);
  });
  form.addEventListener(
    "submit",
    (event) => {
      if (event.submitter?.formTarget === "_blank") return;
      if (!pending.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      // Each puts its image into the text before this goes on; what was refused is to be read first.
      Promise.all(pending).then((answers) => {
        if (!answers.some(({ refused }) => refused)) setTimeout(() => form.requestSubmit(event.submitter));
      });
    },
    { capture: true },
  );

  body.addEventListener("paste", (event) => {
    // Some programs put a picture of the words beside the words.
    if (event.clipboardData.types.includes("text/plain")) return;
    if (take(event.clipboardData.files)) event.preventDefault();
  });
  body.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
  body.addEventListener("drop", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    take(event.dataTransfer.files);
  });
  dialog.addEventListener("close", () => (place = null));
  words.addEventListener("input", search);
  files.addEventListener("change", () => {
    dialog.close();
    if (field) uploadFor(field, files.files[0]);
    else take(files.files, true);
    files.value = "";
  });
  shelf.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-url]");
    if (!choice) return;
    dialog.close();
    if (field) return put(field, choice.dataset.url);
    const [from, to] = leave();
    insert(body, markdown(choice.dataset.alt, choice.dataset.url), from, to);
    if (choice.dataset.alt) return;
    body.setSelectionRange(from + 2, from + 2);
    say(dialog.dataset.undescribed);
  });
  function open(title = dialog.dataset.title, label = dialog.dataset.files) {
    document.getElementById("image-picker-title").textContent = title;
    document.querySelector("label[for=image-files]").textContent = label;
    files.multiple = !field;
    words.value = "";
    dialog.showModal();
    search();
  }

  for (const button of document.querySelectorAll("[data-choose]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      field = form.elements[button.dataset.choose];
      open(button.textContent, dialog.dataset.file);
    });
  }
  return () => {
    field = null;
    place = [body.selectionStart, body.selectionEnd];
    open();
  };
}
