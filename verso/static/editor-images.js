// Images in a text: pasted, dropped, chosen from a file or from those that are there already.

import { insert } from "./editor-marks.js";

const dialog = document.getElementById("image-picker");
const words = document.getElementById("image-words");
const files = document.getElementById("image-files");
const shelf = document.getElementById("image-shelf");
const status = document.getElementById("image-status");

function say(sentence, name = "", reason = "") {
  status.textContent = sentence.replace("{name}", name).replace("{reason}", reason);
}

/** Put something else where a mark stands, wherever that is by now; nothing where it was deleted. */
function exchange(body, mark, text) {
  const from = body.value.indexOf(mark);
  if (from < 0) return;
  const { selectionStart, selectionEnd } = body;
  const moved = (place) => (place <= from ? place : Math.max(from, place + text.length - mark.length));
  insert(body, text, from, from + mark.length);
  body.setSelectionRange(moved(selectionStart), moved(selectionEnd));
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
  const cover = form.elements.cover;
  let isForCover = false;
  const locale = () => encodeURIComponent(form.elements.locale.value);

  function leave() {
    const left = place ?? [body.selectionStart, body.selectionEnd];
    place = null;
    return left;
  }

  async function upload(file) {
    number += 1;
    const name = file.name.replace(/[[\]\\\n]/g, "");
    const mark = `![${dialog.dataset.uploading.replace("{name}", name)} #${number}]()`;
    insert(body, mark, ...leave());
    say("");
    const { text, refused } = await send(`${dialog.dataset.upload}?locale=${locale()}`, file);
    exchange(body, mark, text ?? "");
    if (refused) say(dialog.dataset.refused, file.name, refused);
  }

  async function search() {
    const query = new URLSearchParams({ q: words.value, locale: form.elements.locale.value });
    const answer = await fetch(`${dialog.dataset.shelf}?${query}`).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    shelf.replaceChildren(...page.body.childNodes);
  }

  function put(url) {
    cover.value = url;
    cover.dispatchEvent(new Event("input", { bubbles: true }));
    cover.focus();
  }

  async function uploadCover(file) {
    say(dialog.dataset.uploading, file.name);
    const { url, refused } = await send(`${dialog.dataset.upload}?locale=${locale()}`, file);
    say(refused ? dialog.dataset.refused : "", file.name, refused);
    if (url) put(url);
  }

  function take(list) {
    const chosen = [...list].filter((file) => file.type.startsWith("image/"));
    chosen.forEach(upload);
    return chosen.length > 0;
  }

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
    if (isForCover) uploadCover(files.files[0]);
    else take(files.files);
    files.value = "";
  });
  shelf.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-url]");
    if (!choice) return;
    dialog.close();
    if (isForCover) put(choice.dataset.url);
    else insert(body, markdown(choice.dataset.alt, choice.dataset.url), ...leave());
  });
  function open() {
    words.value = "";
    dialog.showModal();
    search();
  }

  const choose = document.getElementById("choose-cover");
  if (choose) {
    choose.hidden = false;
    choose.addEventListener("click", () => {
      isForCover = true;
      open();
    });
  }
  return () => {
    isForCover = false;
    place = [body.selectionStart, body.selectionEnd];
    open();
  };
}
