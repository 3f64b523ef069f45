// The tree of pages: levels unfold in place, pages are dragged before, into or after others.
// Without this, links show the same levels and buttons make the same moves.

const tree = document.getElementById("tree");
const rtl = document.documentElement.dir === "rtl";
let dragged = null;

function nameFolds(part) {
  for (const link of part.querySelectorAll("[data-unfold]:not([aria-expanded])")) {
    link.setAttribute("aria-expanded", "false");
  }
}

async function fetchLevel(link) {
  const answer = await fetch(link.href);
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const levels = page.querySelectorAll("[data-level]");
  const level = levels[levels.length - 1];
  nameFolds(level);
  return level;
}

async function unfold(link) {
  const item = link.closest("li");
  const level = item.querySelector(":scope > ul");
  const isOpen = link.getAttribute("aria-expanded") === "true";
  if (level) level.hidden = isOpen;
  else item.append(await fetchLevel(link));
  link.setAttribute("aria-expanded", String(!isOpen));
  link.textContent = isOpen ? (rtl ? "◂" : "▸") : "▾";
}

if (tree) nameFolds(tree);

tree?.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-unfold]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await unfold(link);
  } catch {
    location.assign(link.href);
  }
});

// The upper quarter of a line is before its page, the lower one after it.
function placeOn(line, y) {
  const box = line.getBoundingClientRect();
  const part = (y - box.top) / box.height;
  if (part < 0.25) return "before";
  return part > 0.75 ? "after" : "into";
}

function unmark() {
  for (const line of tree.querySelectorAll("[data-drop]")) delete line.dataset.drop;
}

function lineUnder(event) {
  const line = dragged && event.target.closest(".branch");
  // Below itself a page cannot go.
  return line && !dragged.contains(line) ? line : null;
}

// As a form, so that the answer is a page like that of a button.
function send(action, fields) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  // The last field tells the server that the form is whole (bodies.py).
  for (const [name, value] of Object.entries({ ...fields, "form-end": "1" })) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

tree?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("[data-page]");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.querySelector(".branch-title").textContent);
});

tree?.addEventListener("dragover", (event) => {
  unmark();
  const line = lineUnder(event);
  if (!line) return;
  event.preventDefault();
  line.dataset.drop = placeOn(line, event.clientY);
});

tree?.addEventListener("dragend", () => {
  dragged = null;
  unmark();
});

tree?.addEventListener("drop", (event) => {
  const line = lineUnder(event);
  if (!line) return;
  event.preventDefault();
  send(`${tree.dataset.place}${dragged.dataset.page}/move`, {
    version: dragged.dataset.version,
    to: placeOn(line, event.clientY),
    target: line.closest("[data-page]").dataset.page,
  });
});
