// The editor: its toolbar, the draft that is kept while somebody types, links, and the live preview.

import { startKeeping } from "./editor-keep.js";
import { startImages } from "./editor-images.js";
import { startLinks } from "./editor-links.js";
import { startMarks } from "./editor-marks.js";
import { startPreview } from "./editor-preview.js";

const form = document.getElementById("text");
const body = document.getElementById("body");

// Who may only read has nothing to keep.
if (form.dataset.keep) {
  const image = document.getElementById("image-picker") ? startImages(form, body) : null;
  startMarks(form, body, { link: startLinks(form, body), image });
  startKeeping(form);
}
startPreview(form, body);

// Where two people changed the same passage: put theirs, or both, where mine stands in the text.
for (const item of document.querySelectorAll(".clashes > li")) {
  const [theirs, mine] = [...item.querySelectorAll("textarea")].map((one) => one.value);
  const buttons = item.querySelector(".clash-buttons");
  const fields = [body, ...["title", "slug", "summary"].map((name) => form.elements[name])];
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const take = event.target.dataset.take;
    const field = take && fields.find((one) => mine && one.value.includes(mine));
    if (!field) return;
    const words = take === "both" ? `${mine}${field === body ? "\n\n" : " "}${theirs}` : theirs;
    field.value = field.value.replace(mine, () => words);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    buttons.hidden = true;
    field.focus();
  });
}
