// Passkeys: the form asks for a challenge, the device answers it, and the form takes the answer along.

const form = document.querySelector("form[data-ceremony]");
const isAble = window.PublicKeyCredential?.parseCreationOptionsFromJSON !== undefined;

async function answer() {
  const asked = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  if (!asked.ok || !asked.headers.get("Content-Type").startsWith("application/json")) {
    // The page says what is wrong better than a script could.
    return "";
  }
  const options = await asked.json();
  const credential = form.dataset.ceremony === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return JSON.stringify(credential.toJSON());
}

if (form && isAble) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      form.elements.credential.value = await answer();
    } catch (error) {
      // Whoever closed the device's question wants to stay here.
      button.disabled = false;
      if (error.name === "NotAllowedError" || error.name === "AbortError") {
        return;
      }
      form.elements.credential.value = "";
    }
    form.submit();
  });
}
