// How a document looks where others show it: read from the head of its page, as search engines do.

const panel = document.getElementById("elsewhere");
// What stands in for a field that is left empty.
const INSTEAD = { search_title: "title", search_description: "summary", sharing: "cover" };
// On the home page the name and the description of the site do.
const INSTEAD_AT_HOME = { sharing: "cover" };

function fill(selector, words) {
  for (const one of panel.querySelectorAll(selector)) one.textContent = words;
}

/** `address` is the whole one that others see; the picture of our own host is what this page may load. */
function showPicture(address) {
  const link = panel.querySelector(".shared-link");
  const url = address && new URL(address);
  const src = url && url.pathname + url.search;
  const known = link.querySelector("img");
  if (known?.getAttribute("src") === src) return;
  known?.remove();
  if (src) link.prepend(Object.assign(new Image(), { src, alt: "" }));
}

/** `html` is the page as it will be published. */
export function showElsewhere(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const told = (selector, name = "content") => page.querySelector(selector)?.getAttribute(name) ?? "";
  const { lang, dir } = page.documentElement;
  for (const card of panel.querySelectorAll(".search-result, .shared-link")) Object.assign(card, { lang, dir });
  panel.hidden = false;
  fill(".search-result .result-title", page.title);
  fill(".shared-link .result-title", told("meta[property='og:title']"));
  fill(".search-result .result-words", told("meta[name=description]"));
  fill(".shared-link .result-words", told("meta[property='og:description']"));
  fill(".result-site", told("meta[property='og:site_name']"));
  fill(".result-address bdi", decodeURI(told("link[rel=canonical]", "href")));
  showPicture(told("meta[property='og:image']"));
}

/** Say how long the words for search engines are, and what stands there when there are none. */
export function startElsewhere(form) {
  const counts = document.querySelectorAll("[data-counts]");

  function count(place) {
    const length = [...form.elements[place.dataset.counts].value].length;
    place.textContent = length ? place.dataset.words.replace("{num}", length) : "";
    place.classList.toggle("is-long", length > Number(place.dataset.usual));
  }

  function refresh() {
    const instead = "home" in form.dataset ? INSTEAD_AT_HOME : INSTEAD;
    for (const [name, other] of Object.entries(instead)) form.elements[name].placeholder = form.elements[other].value;
    counts.forEach(count);
  }

  document.addEventListener("input", (event) => {
    if (event.target.form === form) refresh();
  });
  refresh();
}
