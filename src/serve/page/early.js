// What the page needs first, asked for while its modules are still on their way: api.js takes these answers when it is there.
// An address with a key is left alone: without the key it would be refused.
if (!location.hash.startsWith("#key=")) {
  window.early = new Map(["/session", "/options", "/models", "/files", "/templates", "/presets"]
    .map((path) => [path, fetch(`/api/v1${path}`)]));
  for (const answer of window.early.values()) answer.catch(() => {});
}
