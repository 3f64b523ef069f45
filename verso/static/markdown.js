// Markdown around what is selected: pure functions of a text and a selection, so that no button knows of any other.
// Each answers what stands in place of [from, to), and what of it is selected then: { from, to, text, select }.

const PARAGRAPHS = /(\n[ \t]*\n\s*)/;
const MARK = /^(\s*)(?:[-*+]|\d+[.)]) +/;

function run(text, sign) {
  return text.length - text.replace(sign === "*" ? /^\*+/ : /^`+/, "").length;
}

function reversed(text) {
  return [...text].reverse().join("");
}

/** Of three asterisks one is for italic and two are for bold. */
function holds(count, mark) {
  return mark === "*" ? count === 1 || count >= 3 : count >= mark.length;
}

/** Whether a text stands between such marks, which are part of it. */
function isBetween(text, mark) {
  const count = Math.min(run(text, mark[0]), run(reversed(text), mark[0]));
  return text.length > 2 * mark.length && holds(count, mark);
}

/** Bold, italic or code, or not any more; of several paragraphs each. */
export function marked(value, from, to, mark) {
  const chosen = value.slice(from, to);
  if (PARAGRAPHS.test(chosen.trim())) {
    const parts = chosen.split(PARAGRAPHS);
    const words = parts.filter((part, place) => place % 2 === 0 && part.trim());
    const isDone = words.every((part) => isBetween(part.trim(), mark));
    const change = (part) => (isDone ? part.slice(mark.length, -mark.length) : isBetween(part, mark) ? part : mark + part + mark);
    const text = parts.map((part, place) => (place % 2 || !part.trim() ? part : part.replace(part.trim(), change))).join("");
    return { from, to, text, select: [from, from + text.length] };
  }
  // Marks stand at words: `**word **` is none.
  if (chosen.trim()) {
    from += chosen.length - chosen.trimStart().length;
    to -= chosen.length - chosen.trimEnd().length;
  }
  const inside = value.slice(from, to);
  const size = mark.length;
  if (isBetween(inside, mark)) {
    return { from, to, text: inside.slice(size, -size), select: [from, to - 2 * size] };
  }
  const [before, after] = [run(reversed(value.slice(0, from)), mark[0]), run(value.slice(to), mark[0])];
  if (!inside && !before && holds(after, mark) && value.lastIndexOf(mark, from - 1) >= 0) {
    // At the end of what is marked already: go on after it.
    return { from, to, text: "", select: [to + size, to + size] };
  }
  const around = Math.min(before, after);
  if (holds(around, mark)) {
    return { from: from - size, to: to + size, text: inside, select: [from - size, to - size] };
  }
  return { from, to, text: mark + inside + mark, select: [from + size, to + size] };
}

/** Code in a line, or of several lines as a block of its own; or not any more. */
export function coded(value, from, to) {
  const chosen = value.slice(from, to);
  const longest = Math.max(0, ...[...chosen.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  if (!chosen.includes("\n")) {
    const isCode = /^(`+)(?!`).*[^`]\1$/.test(chosen);
    if (isCode || !longest) return marked(value, from, to, "`".repeat(isCode ? run(chosen, "`") : 1));
    const ticks = "`".repeat(longest + 1);
    const text = `${ticks} ${chosen} ${ticks}`;
    return { from, to, text, select: [from + ticks.length + 1, from + text.length - ticks.length - 1] };
  }
  const start = value.lastIndexOf("\n", from - 1) + 1;
  const found = value.indexOf("\n", to - (chosen.endsWith("\n") ? 1 : 0));
  const end = found < 0 ? value.length : found;
  const lines = value.slice(start, end);
  const known = /^(`{3,})[^\n]*\n([\s\S]*)\n\1$/.exec(lines);
  const fence = "`".repeat(Math.max(3, longest + 1));
  const text = known ? known[2] : `${fence}\n${lines}\n${fence}`;
  return { from: start, to: end, text, select: [start, start + text.length] };
}

/** Lines as the items of a list, `sign` for the item of a number; or not any more. */
export function listed(lines, sign, known) {
  const items = lines.filter((line) => line.trim() || lines.length === 1);
  const isDone = items.every((line) => known.test(line));
  let number = 0;
  return lines.map((line) => {
    if (!items.includes(line)) return line;
    const [, indent, words] = /^(\s*)(.*)$/.exec(line.replace(MARK, "$1"));
    return isDone ? indent + words : indent + sign(number++) + words;
  });
}

/** What Enter does in a list: the next item, the end of the list in an empty one, or null outside of lists. */
export function continued(value, at) {
  const from = value.lastIndexOf("\n", at - 1) + 1;
  const found = value.indexOf("\n", at);
  const rest = value.slice(at, found < 0 ? value.length : found);
  const item = /^(\s*)([-*+]|(\d+)([.)]))(\s+)(.*)$/.exec(value.slice(from, at));
  if (!item) return null;
  if (!item[6] && !rest.trim()) return { from, to: at, text: "", select: [from, from] };
  const next = item[3] ? `${Number(item[3]) + 1}${item[4]}` : item[2];
  const text = `\n${item[1]}${next}${item[5]}`;
  return { from: at, to: at, text, select: [at + text.length, at + text.length] };
}

/** A block between blank lines after the line of a place; `caret` says where in it one goes on. */
export function placed(value, at, block, caret) {
  const found = value.indexOf("\n", at);
  const before = value.slice(0, found < 0 ? value.length : found).trimEnd();
  const after = value.slice(before.length);
  const to = before.length + (after.length - after.trimStart().length);
  const lead = before ? "\n\n" : "";
  const start = before.length + lead.length + caret;
  return { from: before.length, to, text: `${lead}${block}\n\n`, select: [start, start] };
}

/** An address as it was meant: `example.org` is a site, `ada@example.org` a mailbox. */
export function addressed(typed) {
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(typed)) return `mailto:${typed}`;
  return /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(:\d+)?([/?#].*)?$/u.test(typed) ? `https://${typed}` : typed;
}
