// Markdown without knowing it: buttons and keys that write its marks around what is selected.

import { isCommand, letter } from "./keys.js";
import { coded, continued, listed, marked, placed } from "./markdown.js";

/** Put text in place of the selection, so that the browser's own undo takes it back. */
export function insert(body, text, from = body.selectionStart, to = body.selectionEnd) {
  body.focus();
  body.setSelectionRange(from, to);
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    body.setRangeText(text, from, to, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Carry out what markdown.js answers. */
function change(body, { from, to, text, select }) {
  if (from < to || text) insert(body, text, from, to);
  body.focus();
  body.setSelectionRange(...select);
}

function apply(body, make, ...more) {
  change(body, make(body.value, body.selectionStart, body.selectionEnd, ...more));
}

function lines(body) {
  const from = body.value.lastIndexOf("\n", body.selectionStart - 1) + 1;
  const end = body.value.indexOf("\n", body.selectionEnd);
  return [from, end < 0 ? body.value.length : end];
}

function rewrite(body, make) {
  const [from, to] = lines(body);
  insert(body, make(body.value.slice(from, to).split("\n")).join("\n"), from, to);
}

/** The same sign before every line, or before none any more. */
function prefix(body, sign, known) {
  rewrite(body, (old) => {
    const isDone = old.every((line) => known.test(line));
    return old.map((line) => (isDone ? "" : sign) + line.replace(known, ""));
  });
}

function footnote(body) {
  const used = [...body.value.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1]));
  const number = Math.max(0, ...used) + 1;
  insert(body, `[^${number}]`, body.selectionEnd, body.selectionEnd);
  const end = body.value.trimEnd().length;
  const isList = /(^|\n)\[\^\d+\]:[^\n]*$/.test(body.value.trimEnd());
  insert(body, `${isList ? "\n" : "\n\n"}[^${number}]: `, end, body.value.length);
}

const TABLE = "|     |     |\n| --- | --- |\n|     |     |";
const MARKS = {
  bold: (body) => apply(body, marked, "**"),
  italic: (body) => apply(body, marked, "*"),
  heading: (body) => prefix(body, "## ", /^#{1,6} +/),
  bullets: (body) => rewrite(body, (old) => listed(old, () => "- ", /^\s*[-*+] +/)),
  numbers: (body) => rewrite(body, (old) => listed(old, (number) => `${number + 1}. `, /^\s*\d+[.)] +/)),
  quote: (body) => prefix(body, "> ", /^> ?/),
  code: (body) => apply(body, coded),
  table: (body) => change(body, placed(body.value, body.selectionEnd, TABLE, TABLE.indexOf(" ") + 1)),
  footnote,
};

/** Enter in a list begins its next item; in an empty item it ends the list. */
function continueList(event, body) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || body.selectionStart !== body.selectionEnd) return;
  const next = continued(body.value, body.selectionStart);
  if (!next) return;
  event.preventDefault();
  change(body, next);
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
  // Fields that belong to the form stand outside it, too.
  document.addEventListener("keydown", (event) => {
    if (!isCommand(event)) return;
    const key = letter(event);
    if (key === "s" && !document.querySelector("dialog[open]")) {
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
