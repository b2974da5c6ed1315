/** The two forms: sign and verify. */

import { element, notice, requestJson, RequestError } from "./http.js";

const MAX_BYTES = 1024 * 1024;

const byId = (id) => document.getElementById(id);
const encoder = new TextEncoder();

/** Shows how many bytes a text has as it is sent: UTF-8, with a line feed for each line break. */
function showSize(textarea, target) {
  const update = () => {
    const bytes = encoder.encode(textarea.value).length;
    target.textContent = `${bytes.toLocaleString("en")} ${bytes === 1 ? "byte" : "bytes"} of UTF-8`
      + (bytes > MAX_BYTES ? ", more than the service takes" : "");
  };
  textarea.addEventListener("input", update);
  update();
  return update;
}

/** Runs a form's request: one at a time, with its failure shown below. */
function handle(form, outcome, action) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    try {
      outcome.replaceChildren(await action());
    } catch (error) {
      const known = error instanceof RequestError;
      outcome.replaceChildren(notice("error", known ? error.title : "Request failed", known ? error.detail : String(error)));
    } finally {
      button.disabled = false;
    }
  });
}

const payload = (textarea) => ({
  method: "POST",
  headers: { "Content-Type": "application/octet-stream" },
  body: encoder.encode(textarea.value),
});

const signPayload = byId("sign-payload");
const verifyPayload = byId("verify-payload");
const verifySignature = byId("verify-signature");
const verifyOutcome = byId("verify-outcome");

showSize(signPayload, byId("sign-size"));
const updateVerifySize = showSize(verifyPayload, byId("verify-size"));

function signatureBox(algorithm, signature, signedText) {
  const box = element("div", "", "signature");
  const actions = element("div", "", "signature-actions");
  const copy = element("button", "Copy");
  copy.type = "button";
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(signature);
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "Copy failed";
    }
  });
  const use = element("button", "Verify this");
  use.type = "button";
  use.addEventListener("click", () => {
    verifyPayload.value = signedText;
    verifySignature.value = `sha256=${signature}`;
    updateVerifySize();
    byId("verify-form").requestSubmit();
    verifyPayload.focus();
  });
  actions.append(element("span", algorithm), copy, use);
  box.append(actions, element("code", signature));
  return box;
}

handle(byId("sign-form"), byId("sign-outcome"), async () => {
  const signedText = signPayload.value;
  const answer = await requestJson("sign", payload(signPayload));
  return signatureBox(answer.algorithm, answer.signature, signedText);
});

/** A header value has Latin-1 characters only; anything else is sent as a question mark, which the service refuses. */
const headerValue = (text) => text.trim().replace(/[^\x20-\x7e]/g, "?");

handle(byId("verify-form"), verifyOutcome, async () => {
  verifySignature.removeAttribute("aria-invalid");
  const request = payload(verifyPayload);
  const signature = headerValue(verifySignature.value);
  if (signature) {
    request.headers["X-Signature"] = signature;
  }
  try {
    const answer = await requestJson("verify", request);
    return answer.valid
      ? notice("good", "Valid", "The signature is this payload's, under the key of the service.")
      : notice("warn", "Not valid", "The payload was changed, or it was signed with another key.");
  } catch (error) {
    if (error.problem?.header === "X-Signature") {
      verifySignature.setAttribute("aria-invalid", "true");
    }
    throw error;
  }
});

/** An outcome speaks of the text that was sent; once that changes it is out of date. */
for (const [field, outcome] of [
  [signPayload, byId("sign-outcome")],
  [verifyPayload, verifyOutcome],
  [verifySignature, verifyOutcome],
]) {
  field.addEventListener("input", () => {
    outcome.replaceChildren();
    field.removeAttribute("aria-invalid");
  });
}
