// The live preview: the server renders what is typed as it will be published; both scroll in step.

import { showElsewhere, startElsewhere } from "./editor-elsewhere.js";

const PAUSE = 300;
const panel = document.getElementById("preview");
const frame = document.getElementById("preview-page");
const room = document.getElementById("preview-window");
const length = document.getElementById("length");
const show = document.getElementById("show-preview");

/** Where each line of a textarea begins, in pixels, as a hidden copy of it lays them out. */
function lineTops(body) {
  const copy = document.createElement("div");
  const style = getComputedStyle(body);
  for (const name of ["font", "lineHeight", "letterSpacing", "paddingInline", "tabSize"]) {
    copy.style[name] = style[name];
  }
  copy.className = "line-copy";
  copy.style.inlineSize = `${body.clientWidth}px`;
  copy.append(
    ...body.value.split("\n").map((line) => {
      const row = document.createElement("div");
      row.dir = "auto";
      row.textContent = line || "\u200b";
      return row;
    }),
  );
  document.body.append(copy);
  const tops = [...copy.children].map((row) => row.offsetTop);
  copy.remove();
  return tops;
}

/** Pairs of [top in the text, top in the page], in order, from the first line to the end. */
function stops(body, page) {
  const tops = lineTops(body);
  const blocks = [...page.querySelectorAll("[data-line]")].map((one) => [
    tops[Number(one.dataset.line)] ?? 0,
    one.getBoundingClientRect().top + page.scrollingElement.scrollTop,
  ]);
  const ends = [body.scrollHeight, page.scrollingElement.scrollHeight];
  return [[0, 0], ...blocks, ends];
}

function across(pairs, value, from, to) {
  const after = pairs.findIndex((pair) => pair[from] > value);
  if (after < 1) return after ? pairs.at(-1)[to] : 0;
  const [one, other] = [pairs[after - 1], pairs[after]];
  const part = (value - one[from]) / (other[from] - one[from] || 1);
  return one[to] + part * (other[to] - one[to]);
}

export function startPreview(form, body) {
  let timer = 0;
  let asked = 0;
  let pairs = null;
  let leader = body;

  async function refresh() {
    const mine = ++asked;
    let answer;
    try {
      answer = await fetch(form.dataset.preview, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
      });
    } catch {
      return;
    }
    if (!answer.ok || answer.redirected || mine !== asked) return;
    const { html, length: words } = await answer.json();
    length.textContent = words;
    showElsewhere(html);
    if (!panel.hidden) put(html);
  }

  /** The first time the whole page; later only what is in it, so that nothing flickers. */
  function put(html) {
    const page = frame.contentDocument;
    const place = page?.getElementById("content");
    if (!place) {
      frame.srcdoc = html;
      return;
    }
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const name of ["lang", "dir"]) page.documentElement[name] = fresh.documentElement[name];
    place.replaceChildren(...fresh.getElementById("content").childNodes);
    pairs = null;
    follow(body);
  }

  function fit() {
    const width = Number(panel.querySelector("[name=preview-width]:checked").value);
    const scale = Math.min(1, room.clientWidth / width);
    frame.style.inlineSize = `${width}px`;
    frame.style.blockSize = `${room.clientHeight / scale}px`;
    frame.style.transform = `scale(${scale})`;
    pairs = null;
  }

  function colour() {
    const chosen = panel.querySelector("[name=preview-scheme]:checked")?.value;
    if (frame.contentDocument) frame.contentDocument.documentElement.style.colorScheme = chosen ?? "";
  }

  function follow(source) {
    const page = frame.contentDocument;
    if (panel.hidden || !page?.scrollingElement || source !== leader) return;
    pairs ??= stops(body, page);
    if (source === body) page.scrollingElement.scrollTop = across(pairs, body.scrollTop, 0, 1);
    else body.scrollTop = across(pairs, page.scrollingElement.scrollTop, 1, 0);
  }

  frame.addEventListener("load", () => {
    const page = frame.contentDocument;
    colour();
    pairs = null;
    follow(body);
    page.addEventListener("pointermove", () => (leader = frame));
    page.addEventListener("wheel", () => (leader = frame), { passive: true });
    page.addEventListener("scroll", () => follow(frame));
    // A link leads nowhere from here: its page would not let itself be shown in a frame.
    page.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (link && !link.getAttribute("href").startsWith("#")) event.preventDefault();
    });
  });
  for (const name of ["pointermove", "input", "keydown"]) {
    body.addEventListener(name, () => (leader = body));
  }
  body.addEventListener("wheel", () => (leader = body), { passive: true });
  body.addEventListener("scroll", () => follow(body));
  panel.addEventListener("change", () => {
    fit();
    colour();
  });
  new ResizeObserver(fit).observe(room);

  document.addEventListener("input", (event) => {
    if (event.target.form !== form) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });

  function toggle(open) {
    panel.hidden = !open;
    show.setAttribute("aria-expanded", String(open));
    document.querySelector(".desk").classList.toggle("is-previewing", open);
    if (open) fit();
    refresh();
  }

  startElsewhere(form);
  show.setAttribute("aria-controls", "preview");
  show.addEventListener("click", (event) => {
    event.preventDefault();
    toggle(panel.hidden);
    localStorage.setItem("verso-preview", panel.hidden ? "closed" : "open");
  });
  const scheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.getElementById(`scheme-${scheme}`).checked = true;
  // Where there is room for both it stands beside the text, until somebody closes it.
  const wide = matchMedia("(width >= 62rem)").matches ? "open" : "closed";
  toggle((localStorage.getItem("verso-preview") || wide) === "open");
}
