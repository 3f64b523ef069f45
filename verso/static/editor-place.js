// A save loads the page anew: whoever goes on writing finds the caret and the text where they were.

const PLACE = "verso-place";
// Milliseconds in which an answer belongs to the save before it.
const FRESH = 60_000;

/** Remember the place at each save, and go back to it on the page that answers one. */
export function startPlace(form, body) {
  form.addEventListener("submit", (event) => {
    // Who publishes looks at what is said at the top.
    if (event.submitter?.name === "then" || event.submitter?.formTarget === "_blank") return;
    const { selectionStart, selectionEnd, scrollTop } = body;
    const focus = document.activeElement?.id ?? "";
    const place = { selectionStart, selectionEnd, scrollTop, focus, scrollY, at: Date.now() };
    sessionStorage.setItem(PLACE, JSON.stringify(place));
  });
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  const said = document.querySelector(".notice.done");
  if (!place || !said || Date.now() - place.at > FRESH) return;
  body.setSelectionRange(place.selectionStart, place.selectionEnd);
  const focused = document.getElementById(place.focus);
  if (focused?.form === form) focused.focus({ preventScroll: true });
  body.scrollTop = place.scrollTop;
  scrollTo({ top: place.scrollY, behavior: "instant" });
  // What was done is said at the top of the page, which may be out of sight now.
  document.getElementById("autosave").textContent = said.textContent;
}
