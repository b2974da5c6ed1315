/** Requests to the service, and what goes wrong with them in words for people. */

const TIMEOUT_MILLISECONDS = 10_000;

/** A failure with a title and a detail to show, and the problem document (RFC 9457) if the service sent one. */
export class RequestError extends Error {
  constructor(title, detail, problem = null) {
    super(`${title}: ${detail}`);
    this.title = title;
    this.detail = detail;
    this.problem = problem;
  }
}

/**
 * Sends a request and reads its JSON answer.
 *
 * @param {string} path relative to this page
 * @param {RequestInit} [options]
 * @param {number[]} [alsoGood] statuses besides 2xx whose body is an answer and not a problem
 */
export async function requestJson(path, options = {}, alsoGood = []) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS), ...options });
  } catch (error) {
    throw error.name === "TimeoutError"
      ? new RequestError("No answer", `The service did not answer ${path} within ${TIMEOUT_MILLISECONDS / 1000} s.`)
      : new RequestError("Not reachable", "The service does not answer. Is it running?");
  }
  const body = await response.json().catch(() => null);
  if (response.ok || alsoGood.includes(response.status)) {
    if (body === null) {
      throw new RequestError("Unexpected answer", `${path} answered ${response.status} without JSON.`);
    }
    return body;
  }
  throw new RequestError(
    body?.title ?? "Request failed",
    body?.detail ?? `${path} answered with status ${response.status}.`,
    body,
  );
}

/** Makes an element with text and, where given, a class and a data-state. */
export function element(tag, text, className, state) {
  const created = document.createElement(tag);
  created.textContent = text;
  if (className) {
    created.className = className;
  }
  if (state) {
    created.dataset.state = state;
  }
  return created;
}

/** Makes a message box of a headline and a sentence. */
export function notice(state, title, detail) {
  const box = element("div", "", "notice", state);
  box.append(element("strong", title), element("span", detail));
  return box;
}
