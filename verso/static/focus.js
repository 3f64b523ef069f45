// The focus of a picture by a click on it; the number fields say the same and work without this.

const frame = document.querySelector("[data-focus-picture]");
const [x, y] = ["focus_x", "focus_y"].map((id) => document.getElementById(id));
const SVG = "http://www.w3.org/2000/svg";

const mark = document.createElementNS(SVG, "svg");
mark.setAttribute("class", "focus-mark");
mark.setAttribute("aria-hidden", "true");
const rings = [0, 1].map(() => document.createElementNS(SVG, "circle"));
mark.append(...rings);
frame.append(mark);
frame.classList.add("is-live");

function show() {
  for (const ring of rings) {
    ring.setAttribute("cx", `${x.value || 50}%`);
    ring.setAttribute("cy", `${y.value || 50}%`);
    ring.setAttribute("r", "14");
  }
}

frame.addEventListener("click", (event) => {
  const box = frame.getBoundingClientRect();
  const percent = (part, whole) => Math.round(Math.min(Math.max(part / whole, 0), 1) * 100);
  x.value = percent(event.clientX - box.left, box.width);
  y.value = percent(event.clientY - box.top, box.height);
  show();
});
for (const field of [x, y]) field.addEventListener("input", show);
show();
