// The interface of /api/v1, as functions. What goes wrong is thrown as an Error with the server's sentence.
const root = "/api/v1";

export class Problem extends Error {
  constructor(document) {
    super(document.detail || document.title || "the server did not answer as expected");
    this.status = document.status;
  }
}

async function answer(response) {
  if (response.ok) return response;
  let document = {status: response.status, title: response.statusText};
  try {
    document = await response.json();
  } catch { /* no problem document: the status has to do */ }
  throw new Problem(document);
}

async function send(method, path, body, options = {}) {
  const headers = body === undefined ? {} : {"Content-Type": "application/json"};
  let response;
  try {
    response = await fetch(root + path, {method, headers, body: body === undefined ? undefined : JSON.stringify(body), ...options});
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({detail: "the server cannot be reached; is it still running?"});
  }
  return answer(response);
}

// An answer that was asked for before this module was there (early.js); each is taken once.
async function early(path) {
  const asked = window.early?.get(path);
  window.early?.delete(path);
  try {
    return await asked;
  } catch {
    return undefined;
  }
}

export async function get(path) {
  const answered = await early(path);
  return (answered ? await answer(answered) : await send("GET", path)).json();
}
export const post = async (path, body) => (await send("POST", path, body ?? {})).json();
export const remove = (path) => send("DELETE", path);
export const address = (path) => root + path;

// Uploads tell how far they are, which fetch cannot.
export function upload(file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${root}/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => progress && event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => {
      let document = {status: request.status};
      try {
        document = JSON.parse(request.responseText);
      } catch { /* as above */ }
      if (request.status === 201) resolve(document);
      else reject(new Problem(document));
    };
    request.onerror = () => reject(new Problem({detail: "the upload broke off; is the server still running?"}));
    request.send(file);
  });
}

export async function logIn(key) {
  await send("POST", "/session", {key});
}

export async function preview(request, signal) {
  const response = await send("POST", "/edit/preview", request, {signal});
  return response.blob();
}

// Calls `changed` with every state of a job until it is over; gives a function that ends it.
export function watch(id, changed) {
  const events = new EventSource(`${root}/jobs/${id}/events`);
  events.addEventListener("state", (event) => {
    const job = JSON.parse(event.data);
    if (["done", "failed", "cancelled"].includes(job.state)) events.close();
    changed(job);
  });
  return () => events.close();
}
