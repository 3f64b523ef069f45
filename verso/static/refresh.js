// Keeps a list fresh without a reload: fetches the same page again and takes the list out of it.
// Nothing is exchanged while somebody is in the list with the keyboard, or does not look at the page.

const list = document.querySelector("[data-refresh]");
const seconds = Number(list?.dataset.refresh);

async function refresh() {
  if (document.hidden || list.contains(document.activeElement)) return;
  let answer;
  try {
    answer = await fetch(location.href, { credentials: "same-origin" });
  } catch {
    return;
  }
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(list.id);
  if (fresh && fresh.innerHTML !== list.innerHTML && !list.contains(document.activeElement)) {
    list.replaceChildren(...fresh.childNodes);
  }
}

if (seconds) {
  setInterval(refresh, seconds * 1000);
  document.addEventListener("visibilitychange", refresh);
}
