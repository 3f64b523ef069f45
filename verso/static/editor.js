// The editor: its toolbar, the draft that is kept while somebody types, links, and the live preview.

import { startKeeping } from "./editor-keep.js";
import { startImages } from "./editor-images.js";
import { startLinks } from "./editor-links.js";
import { startMarks } from "./editor-marks.js";
import { startPlace } from "./editor-place.js";
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
startPlace(form, body);

// Where two people changed the same passage: put theirs, or both, where mine stands in the text.
for (const item of document.querySelectorAll(".clashes > li")) {
  const [theirs, mine] = [...item.querySelectorAll("textarea")].map((one) => one.value);
  const buttons = item.querySelector(".clash-buttons");
  const field = form.elements[item.dataset.field];
  if (!field || field.type === "hidden") continue;
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const take = event.target.dataset.take;
    // Of the text it is a passage, which may have been changed or taken out below; of the others the whole.
    if (!take || (field === body && (!mine || !body.value.includes(mine)))) return;
    const words = take === "both" ? `${mine}${field === body ? "\n\n" : " "}${theirs}` : theirs;
    field.value = field === body ? body.value.replace(mine, () => words) : words.trim();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    buttons.hidden = true;
    field.focus();
  });
}
