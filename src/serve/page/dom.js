// Elements out of a few words: el("button", {class: "primary", onclick}, "Animate").
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const find = (id) => document.getElementById(id);

let numbers = 0;
export const freshId = (stem) => `${stem}-${++numbers}`;

// One sentence that goes away by itself.
export function toast(sentence) {
  const box = el("div", {class: "toast"}, sentence);
  find("toasts").append(box);
  setTimeout(() => box.remove(), 8000);
}

export function clock(seconds) {
  const s = Math.round(seconds);
  return s < 60 ? `${s} s` : `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")} min`;
}

export function bytes(count) {
  if (count < 1e6) return `${Math.max(1, Math.round(count / 1e3))} kB`;
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} MB` : `${(count / 1e9).toFixed(1)} GB`;
}

// What is shown takes its place before it is read: nothing beside it jumps when it comes. With `highest` (rem) its box becomes as
// wide as goes without being higher, and no wider than `widest` (CSS).
export function keepPlace(media, {width, height}, {box, highest, widest = "100%"} = {}) {
  if (!(width > 0 && height > 0)) return;
  media.style.aspectRatio = `${width} / ${height}`;
  if (box) box.style.width = `min(100%, ${widest}, ${(highest * width / height).toFixed(3)}rem)`;
}

// A place to drop a file, or to choose one with the keyboard.
export function dropZone({title, hint, accept, onfile, id}) {
  const input = el("input", {type: "file", accept, id, onchange: () => input.files[0] && take(input.files[0])});
  const zone = el("label", {class: "drop"}, input, el("strong", {}, title), el("span", {class: "quiet small"}, hint));
  const take = (file) => {
    onfile(file);
    input.value = "";
  };
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
  });
  return zone;
}
