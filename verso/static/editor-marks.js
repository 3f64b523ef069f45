// Markdown without knowing it: buttons and keys that write its marks around what is selected.

/** Put text in place of the selection, so that the browser's own undo takes it back. */
export function insert(body, text, from = body.selectionStart, to = body.selectionEnd) {
  body.focus();
  body.setSelectionRange(from, to);
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    body.setRangeText(text, from, to, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function wrap(body, mark) {
  const { selectionStart: from, selectionEnd: to, value } = body;
  const inside = value.slice(from, to);
  const around = value.slice(from - mark.length, from) + value.slice(to, to + mark.length);
  if (around === mark + mark) {
    insert(body, inside, from - mark.length, to + mark.length);
    body.setSelectionRange(from - mark.length, to - mark.length);
  } else if (from === to && value.startsWith(mark, to) && value.lastIndexOf(mark, from - 1) >= 0) {
    // At the end of what is marked already: go on after it.
    body.setSelectionRange(to + mark.length, to + mark.length);
  } else {
    insert(body, mark + inside + mark);
    body.setSelectionRange(from + mark.length, to + mark.length);
  }
}

function lines(body) {
  const from = body.value.lastIndexOf("\n", body.selectionStart - 1) + 1;
  const end = body.value.indexOf("\n", body.selectionEnd);
  return [from, end < 0 ? body.value.length : end];
}

function prefix(body, make, known) {
  const [from, to] = lines(body);
  const old = body.value.slice(from, to).split("\n");
  const all = old.every((line) => known.test(line));
  const changed = old.map((line, index) => (all ? line.replace(known, "") : make(index) + line));
  insert(body, changed.join("\n"), from, to);
}

/** A block of its own after the selection's line, between blank lines. */
function block(body, text) {
  const [, to] = lines(body);
  const before = body.value.slice(0, to).trimEnd();
  insert(body, `${before ? "\n\n" : ""}${text}\n\n`, before.length, to);
}

function code(body) {
  const chosen = body.value.slice(body.selectionStart, body.selectionEnd);
  if (chosen.includes("\n")) insert(body, `\`\`\`\n${chosen.trim()}\n\`\`\``);
  else wrap(body, "`");
}

function footnote(body) {
  const used = [...body.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
  const number = Math.max(0, ...used) + 1;
  insert(body, `[^${number}]`, body.selectionEnd, body.selectionEnd);
  const end = body.value.trimEnd().length;
  const isList = /(^|\n)\[\^\d+\]:[^\n]*$/.test(body.value.trimEnd());
  insert(body, `${isList ? "\n" : "\n\n"}[^${number}]: `, end, body.value.length);
}

const MARKS = {
  bold: (body) => wrap(body, "**"),
  italic: (body) => wrap(body, "*"),
  heading: (body) => prefix(body, () => "## ", /^#{1,6} +/),
  bullets: (body) => prefix(body, () => "- ", /^[-*+] +/),
  numbers: (body) => prefix(body, (index) => `${index + 1}. `, /^\d+[.)] +/),
  quote: (body) => prefix(body, () => "> ", /^> ?/),
  code,
  table: (body) => block(body, "|     |     |\n| --- | --- |\n|     |     |"),
  footnote,
};

/** Enter in a list begins its next item; in an empty item it ends the list. */
function continueList(event, body) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  const at = body.selectionStart;
  const from = body.value.lastIndexOf("\n", at - 1) + 1;
  const item = /^(\s*)([-*+]|(\d+)([.)]))(\s+)(.*)$/.exec(body.value.slice(from, at));
  if (!item || at !== body.selectionEnd) return;
  event.preventDefault();
  if (!item[6]) insert(body, "", from, at);
  else {
    const next = item[3] ? `${Number(item[3]) + 1}${item[4]}` : item[2];
    insert(body, `\n${item[1]}${next}${item[5]}`);
  }
}

/** The arrow keys move inside a toolbar, which is one stop of the Tab key (ARIA APG, toolbar). */
function rove(toolbar) {
  const buttons = [...toolbar.querySelectorAll("button")];
  const only = (chosen) => buttons.forEach((one) => (one.tabIndex = one === chosen ? 0 : -1));
  only(buttons[0]);
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step && event.key !== "Home" && event.key !== "End") return;
    const forward = getComputedStyle(toolbar).direction === "rtl" ? -step : step;
    const here = buttons.indexOf(document.activeElement);
    const place = { Home: 0, End: buttons.length - 1 }[event.key] ?? here + forward;
    const chosen = buttons.at(place % buttons.length);
    event.preventDefault();
    only(chosen);
    chosen.focus();
  });
}

export function startMarks(form, body, openers) {
  const toolbar = document.getElementById("toolbar");
  const marks = { ...MARKS, ...openers };
  toolbar.hidden = false;
  rove(toolbar);
  toolbar.addEventListener("click", (event) => {
    marks[event.target.closest("[data-mark]")?.dataset.mark]?.(body);
  });
  body.addEventListener("keydown", (event) => continueList(event, body));
  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "s") {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.target === body) {
      const name = { b: "bold", i: "italic", l: event.shiftKey ? "link" : undefined }[key];
      if (!name) return;
      event.preventDefault();
      marks[name](body);
    }
  });
}
