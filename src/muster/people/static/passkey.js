// Passkeys: before a form is sent that asks for one, the browser makes it or signs with it, and its answer goes along.
function bytes(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function named(list) {
  return (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
}

function obstacle(form) {
  if (location.origin !== form.dataset.origin) return `Passkeys belong to ${form.dataset.origin}: open Muster there.`;
  if (!window.PublicKeyCredential) return "This browser knows no passkeys.";
  return "";
}

async function make(asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) } };
  publicKey.excludeCredentials = named(asked.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = made.response;
  return answer(made, { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) });
}

async function sign(asked) {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };
  const signed = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = signed.response;
  const response = { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature) };
  if (userHandle) response.userHandle = text(userHandle);
  return answer(signed, response);
}

function answer(credential, response) {
  const { id, type, authenticatorAttachment } = credential;
  return JSON.stringify({ id, rawId: text(credential.rawId), type, authenticatorAttachment, clientExtensionResults: {}, response });
}

function why(error) {
  if (error.name === "InvalidStateError") return "This device holds a passkey of yours already.";
  if (error.name === "NotAllowedError") return "The browser did not go on: it was cancelled, or it took too long. Try again.";
  return error.message;
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form || form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const says = form.querySelector("[data-passkey-says]");
    const problem = obstacle(form);
    says.textContent = problem || "Asking the browser…";
    if (problem) return;
    const asked = JSON.parse(form.dataset.asked);
    (form.dataset.passkey === "make" ? make(asked) : sign(asked)).then(
      (given) => {
        form.elements.credential.value = given;
        form.requestSubmit();
        setTimeout(() => {
          form.elements.credential.value = "";
          says.textContent = "";
        }, 500);
      },
      (error) => {
        says.textContent = why(error);
      },
    );
  },
  true,
);
