// Nothing that was typed is lost: it is kept in this browser at once, and as a draft on the server.

const WORDS = ["title", "slug", "summary", "body", "search_title", "search_description"];
const FIELDS = [...WORDS, "tags", "authors", "cover", "sharing", "locale"];
// What the form was opened with, and where it is kept.
const BEFORE = ["tags_before", "authors_before", "cover_before", "sharing_before"];
const KNOWN = ["lane", "lane_version", "version", ...BEFORE];
const PAUSE = 1200;
const LONGEST = 10_000;
const AGAIN = 5000;
// Milliseconds that a save waits for a draft that is on its way.
const HURRY = 3000;
// A request that outlives its page may have no more bytes than 64 KB (Fetch, 4.6), and others may be on their way.
const OUTLIVING = 30_000;
const SENT = "verso-sent";

const status = document.getElementById("autosave");
const signIn = document.getElementById("sign-in-again");
const notice = document.getElementById("kept");

function store(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A full or forbidden store: the server keeps the draft.
  }
}

/** Wait for something, but not for longer than so many milliseconds. */
function within(milliseconds, promise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, milliseconds))]);
}

export function startKeeping(form) {
  const prefix = `verso-draft:${location.pathname}:`;
  const fields = FIELDS.filter((name) => form.elements[name]);
  /** What would be sent now, which is not always what stands there: images may be on their way. */
  function typed() {
    const now = new FormData(form);
    return JSON.stringify(fields.map((name) => [name, now.get(name)]));
  }
  const key = () => prefix + form.elements.lane.value;
  let kept = typed();
  let timer = 0;
  let since = 0;
  let sending = null;
  let sent = null;
  let delay = AGAIN;
  // Between the submission of the form and the page that answers it: what is saved is no draft any more.
  let isLeaving = false;

  function keepHere() {
    const known = Object.fromEntries(KNOWN.map((name) => [name, form.elements[name].value]));
    store(key(), JSON.stringify({ known, typed: typed(), at: Date.now() }));
  }

  function say(which, name = "") {
    status.textContent = (status.dataset[which] ?? "").replace("{name}", name);
    status.dataset.state = which;
    signIn.hidden = which !== "out";
  }

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  function send() {
    if (typed() === kept || sending || isLeaving) return;
    sending = new AbortController();
    sent = keep(typed());
  }

  async function keep(now) {
    since = 0;
    let answer = null;
    let draft = null;
    const words = new URLSearchParams(new FormData(form));
    try {
      answer = await fetch(form.dataset.keep, {
        method: "POST",
        body: words,
        // So that it arrives from a page that is being left.
        keepalive: words.toString().length < OUTLIVING,
        headers: { Accept: "application/json" },
        signal: sending.signal,
      });
      if (answer.ok && !answer.redirected) draft = await answer.json();
    } catch {
      // No network, or a save that overtakes this.
      answer = null;
    }
    // Not before the draft is read: a save must name the version of it that it makes needless.
    sending = null;
    if (draft) accept(draft, now);
    else {
      say(!answer ? "offline" : answer.redirected || answer.status === 401 ? "out" : "refused");
      delay = Math.min(delay * 1.5, 60_000);
      later(delay);
    }
  }

  function accept(draft, now) {
    store(key(), null);
    form.elements.lane.value = draft.lane;
    form.elements.lane_version.value = draft.lane_version;
    kept = now;
    delay = AGAIN;
    say(draft.newer ? "newer" : "kept", draft.newer ?? "");
    if (typed() !== kept) {
      keepHere();
      later(PAUSE);
    }
  }

  form.addEventListener("input", typedSomething);
  // Fields that belong to the form stand outside it, too.
  document.addEventListener("input", (event) => {
    if (event.target.form === form && !form.contains(event.target)) typedSomething();
  });

  function typedSomething() {
    keepHere();
    since ||= Date.now();
    later(Math.min(PAUSE, Math.max(0, since + LONGEST - Date.now())));
  }

  // Back from the answer to a form, by the browser's own button.
  addEventListener("pageshow", () => (isLeaving = false));
  for (const event of ["online", "focus"]) addEventListener(event, () => later(0));
  document.addEventListener("visibilitychange", () => document.hidden && send());
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget === "_blank") return;
    clearTimeout(timer);
    if (sending) {
      // It would reach the server after the save, and leave a draft of what is saved.
      event.preventDefault();
      const hurry = setTimeout(() => sending?.abort(), HURRY);
      return sent.finally(() => {
        clearTimeout(hurry);
        form.requestSubmit(event.submitter);
      });
    }
    isLeaving = true;
    keepHere();
    sessionStorage.setItem(SENT, JSON.stringify([key(), typed()]));
  });

  /** Send what was typed last; whether it arrived in time. */
  async function settle() {
    clearTimeout(timer);
    await within(HURRY, sent);
    send();
    await within(HURRY, sent);
    return typed() === kept;
  }

  document.addEventListener("signing-out", ({ detail: promises }) => {
    if (typed() !== kept) promises.push(settle());
  });

  forgetSaved();
  offerBack();

  /** What this browser kept of a form that arrived is not needed any more: it was saved, or stands in the answer. */
  function forgetSaved() {
    const [sentKey, sent] = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
    sessionStorage.removeItem(SENT);
    const arrived = "answers" in form.dataset || new URLSearchParams(location.search).has("done");
    if (sentKey && arrived && JSON.parse(localStorage.getItem(sentKey) ?? "{}").typed === sent) store(sentKey, null);
  }

  function offerBack() {
    const mine = Object.keys(localStorage).filter((one) => one.startsWith(prefix));
    const found = mine
      .map((one) => ({ key: one, ...JSON.parse(localStorage.getItem(one)) }))
      .filter((one) => one.typed !== typed() || store(one.key, null))
      .sort((one, other) => other.at - one.at)[0];
    if (!found) return;
    notice.hidden = false;
    notice.addEventListener("click", (event) => {
      const choice = event.target.dataset.kept;
      if (!choice) return;
      notice.hidden = true;
      store(found.key, null);
      if (choice === "bring") bring(found);
    });
  }

  function bring(found) {
    for (const [name, value] of JSON.parse(found.typed)) {
      if (form.elements[name]) form.elements[name].value = value;
    }
    for (const [name, value] of Object.entries(found.known)) form.elements[name].value = value;
    form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.body.focus();
  }
}
