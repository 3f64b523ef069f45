// How a document looks where others show it: read from the head of its page, as search engines do.

const panel = document.getElementById("elsewhere");

function fill(selector, words) {
  for (const one of panel.querySelectorAll(selector)) one.textContent = words;
}

/** `html` is the page as it will be published. */
export function showElsewhere(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const told = (selector, name = "content") => page.querySelector(selector)?.getAttribute(name) ?? "";
  panel.hidden = false;
  fill(".search-result .result-title", page.title);
  fill(".shared-link .result-title", told("meta[property='og:title']"));
  fill(".result-words", told("meta[name=description]"));
  fill(".result-site", told("meta[property='og:site_name']"));
  fill(".result-address", decodeURI(told("link[rel=canonical]", "href")));
  const cover = page.querySelector(".opening-picture")?.getAttribute("src");
  panel.querySelector("img")?.remove();
  if (cover) panel.querySelector(".shared-link").prepend(Object.assign(new Image(), { src: cover, alt: "" }));
}
