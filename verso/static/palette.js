// The command palette (Ctrl-K): everything of the menu and every document, by a few letters (ARIA APG, combobox).

import { isCommand, letter } from "./keys.js";

const PAUSE = 150;
const dialog = document.getElementById("palette");
const words = document.getElementById("palette-words");
const list = document.getElementById("palette-list");
const opener = document.getElementById("open-palette");
let chosen = 0;
let asked = 0;
let timer = 0;

/** What the page and the menu offer, which is what somebody may do here: buttons first, then links. */
function actions() {
  const buttons = [...document.querySelectorAll("main button[type=submit]")].filter((one) => one.checkVisibility());
  const links = [...document.querySelectorAll(".masthead .menu a, .masthead-tools a")];
  return [...buttons, ...links].map((one) => ({ title: one.textContent.trim(), target: one })).filter((one) => one.title);
}

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

function show(found, kept = 0) {
  list.replaceChildren(
    ...found.map(({ title, target, url, note }, place) => {
      const item = document.createElement("li");
      item.id = `palette-${place}`;
      item.role = "option";
      item.addEventListener("click", () => go(target, url));
      item.append(Object.assign(document.createElement("bdi"), { textContent: title }));
      if (note) item.append(" ", Object.assign(document.createElement("small"), { textContent: note, dir: "ltr" }));
      return item;
    }),
  );
  choose(kept);
}

function choose(place) {
  const items = [...list.children];
  chosen = items.length ? (place + items.length) % items.length : 0;
  items.forEach((item, number) => item.setAttribute("aria-selected", String(number === chosen)));
  if (items.length) words.setAttribute("aria-activedescendant", items[chosen].id);
  else words.removeAttribute("aria-activedescendant");
  items[chosen]?.scrollIntoView({ block: "nearest" });
}

async function search() {
  const mine = ++asked;
  const wanted = words.value.trim();
  const fitting = actions().filter((one) => fold(one.title).includes(fold(wanted)));
  show(fitting);
  if (!wanted) return;
  const query = new URLSearchParams({ q: wanted, locale: document.documentElement.lang });
  const answer = await fetch(`${dialog.dataset.documents}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || answer.redirected || mine !== asked) return;
  const documents = (await answer.json()).map(({ id, title, url }) => ({ title, url: dialog.dataset.document + id, note: url }));
  if (mine === asked) show([...fitting, ...documents], chosen);
}

function open() {
  if (dialog.open) return;
  words.value = "";
  dialog.showModal();
  search();
}

function go(target, url) {
  dialog.close();
  if (target) target.click();
  else location.assign(url);
}

const roles = { role: "combobox", "aria-controls": list.id, "aria-expanded": "true", "aria-autocomplete": "list" };
for (const [name, value] of Object.entries(roles)) words.setAttribute(name, value);
list.role = "listbox";
list.ariaLabel = dialog.ariaLabel;
opener.hidden = false;
opener.addEventListener("click", open);
document.addEventListener("keydown", (event) => {
  if (!isCommand(event) || event.shiftKey || letter(event) !== "k") return;
  event.preventDefault();
  open();
});
words.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, PAUSE);
});
words.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(chosen + step);
  else if (event.key === "Enter") list.children[chosen]?.click();
  else return;
  event.preventDefault();
});
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
