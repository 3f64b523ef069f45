// The picker of links: documents found by their words, or any address.

import { insert } from "./editor-marks.js";
import { addressed } from "./markdown.js";

const ADDRESS = /^https?:\/\/\S+$/i;

const dialog = document.getElementById("link-picker");
const words = document.getElementById("link-words");
const list = document.getElementById("link-list");

function entry(found) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "picker-choice";
  button.dataset.url = found.url;
  button.dataset.title = found.title;
  const title = document.createElement("bdi");
  title.textContent = found.title;
  const address = document.createElement("small");
  address.dir = "ltr";
  address.textContent = found.url;
  button.append(title, " ", address);
  item.append(button);
  return item;
}

/** Characters that would end the text of a link, or its address, are escaped or encoded. */
function link(text, url) {
  const safe = url.replace(/[()\s<>]/g, (char) => encodeURIComponent(char).replace("(", "%28").replace(")", "%29"));
  return `[${text.replace(/[[\]\\]/g, "\\$&")}](${safe})`;
}

export function startLinks(form, body) {
  let asked = 0;
  let shown = "";
  // Where the text was left: a dialog takes the selection away.
  let place = [0, 0];

  async function search() {
    const mine = ++asked;
    const query = new URLSearchParams({ q: words.value, locale: form.elements.locale.value });
    let answer;
    try {
      answer = await fetch(`${dialog.dataset.url}?${query}`, { headers: { Accept: "application/json" } });
    } catch {
      return;
    }
    if (!answer.ok || answer.redirected || mine !== asked) return;
    const found = await answer.text();
    // Who has come to one of them with the keyboard stays there.
    if (mine !== asked || found === shown) return;
    shown = found;
    list.replaceChildren(...JSON.parse(found).map(entry));
  }

  function use(title, url) {
    dialog.close("used");
    insert(body, link(body.value.slice(...place) || title || url, url), ...place);
  }

  words.addEventListener("input", search);
  list.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-url]");
    if (choice) use(choice.dataset.title, choice.dataset.url);
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "address" && words.value.trim()) use("", addressed(words.value.trim()));
  });

  // An address that is pasted over words links them.
  body.addEventListener("paste", (event) => {
    const url = event.clipboardData.getData("text/plain").trim();
    const chosen = body.value.slice(body.selectionStart, body.selectionEnd);
    if (!ADDRESS.test(url) || !chosen.trim() || chosen.includes("\n") || ADDRESS.test(chosen.trim())) return;
    event.preventDefault();
    insert(body, link(chosen, url));
  });

  return () => {
    place = [body.selectionStart, body.selectionEnd];
    const chosen = body.value.slice(...place).trim();
    words.value = ADDRESS.test(chosen) ? chosen : "";
    dialog.returnValue = "";
    dialog.showModal();
    search();
  };
}
