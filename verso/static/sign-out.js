// Signing out empties this browser's storage: what it kept of somebody's words and nobody else has must not go silently.

const KEPT = "verso-draft:";
const form = document.querySelector("[data-signs-out]");

function hasWords() {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(KEPT));
  } catch {
    // A browser that forbids its storage has kept nothing there.
    return false;
  }
}

form?.addEventListener("submit", async (event) => {
  // Whoever has words that are not on the server adds the promise that they are, true or false.
  const sending = [];
  document.dispatchEvent(new CustomEvent("signing-out", { detail: sending }));
  if (!sending.length && !hasWords()) return;
  event.preventDefault();
  const isSent = (await Promise.all(sending)).every(Boolean);
  if ((isSent && !hasWords()) || confirm(form.dataset.lost)) form.submit();
});
