// The tab Library: uploaded pictures and clips, stored motions, presets of the sliders.
import * as api from "./api.js";
import {bytes, el, find, toast} from "./dom.js";

export function setUpLibrary(app) {
  const files = el("div", {class: "shelf"});
  const templates = el("div", {class: "shelf"});
  const saved = el("div", {class: "shelf"});

  // A clip moves while it is pointed at or has the focus.
  function moving(id, name) {
    const video = el("video", {src: api.address(`/files/${id}/content`), poster: api.address(`/files/${id}/thumbnail`), muted: true, loop: true, playsinline: true,
      preload: "none", tabindex: "0", "aria-label": `${name}: moves while it has the focus`});
    for (const event of ["pointerenter", "focus"]) video.addEventListener(event, () => video.play().catch(() => {}));
    for (const event of ["pointerleave", "blur"]) video.addEventListener(event, () => video.pause());
    return video;
  }
  async function act(action) {
    try {
      await action();
      await app.reloadFiles();
    } catch (problem) {
      toast(problem.message);
    }
  }

  function fileItem(file) {
    const show = file.kind === "video" ? moving(file.id, file.name)
      : file.kind === "picture" ? el("img", {src: api.address(`/files/${file.id}/thumbnail`), alt: ""}) : el("div", {class: "empty"}, file.kind);
    return el("article", {class: "card item", "data-file": file.id}, show,
      el("div", {class: "name"}, file.name),
      el("div", {class: "small quiet"}, [file.kind, file.width ? `${file.width}×${file.height}` : null, file.seconds ? `${file.seconds.toFixed(1)} s` : null, bytes(file.bytes)].filter(Boolean).join(" · ")),
      el("div", {class: "row"},
        file.kind === "picture" && el("button", {class: "plain", onclick: () => { app.setSource(file); app.showTab("animate"); }}, "Animate"),
        file.kind === "video" && el("button", {class: "plain", onclick: () => act(() => store(file))}, "Store motion"),
        el("button", {class: "plain", onclick: () => act(() => api.remove(`/files/${file.id}`))}, "Delete")));
  }
  async function store(file) {
    app.emit("job", await api.post("/jobs", {kind: "template", driving: file.id}));
    app.showTab("queue");
  }
  function templateItem(stored) {
    const path = stored.from === "job" ? `/jobs/${stored.id}` : `/files/${stored.id}`;
    const clip = stored.clip && app.files.find((file) => file.id === stored.clip);
    return el("article", {class: "card item"}, clip ? moving(clip.id, stored.name) : el("div", {class: "empty"}, "stored motion"),
      el("div", {class: "name"}, stored.name),
      el("div", {class: "small quiet"}, `${stored.frames} frames${stored.family ? ` · ${stored.family}` : ""}`),
      el("div", {class: "row"},
        el("a", {class: "button", href: api.address(stored.from === "job" ? `${path}/result?download` : `${path}/content?download`)}, "Download"),
        el("button", {class: "plain", onclick: () => act(() => api.remove(path))}, "Delete")));
  }
  // A preset moves the picture that it was made with, while it is pointed at or has the focus: a few steps from the
  // picture as it is to the preset, painted once.
  const steps = [0, .25, .5, .75, 1, .75, .5, .25];
  const looks = new Map();  // of a preset: its step -> the address of a picture
  async function lookAt(preset, step) {
    const look = looks.get(preset.id) ?? looks.set(preset.id, new Map()).get(preset.id);
    if (!look.has(step)) {
      const neutral = Object.fromEntries(app.options.sliders.map((slider) => [slider.name, slider.neutral]));
      const at = (name, value) => (neutral[name] === null ? value : neutral[name] + step * (value - neutral[name]));
      const set = step === 0 ? "" : Object.entries(preset.sliders).map(([name, value]) => `${name}=${at(name, value)}`).join(",");
      const blob = await api.preview({source: preset.source, set, options: app.editOptions(preset.source)});
      look.set(step, URL.createObjectURL(blob));
    }
    return look.get(step);
  }
  function presetLook(preset) {
    const source = app.files.find((file) => file.id === preset.source);
    if (!source || !app.livePortrait()) return el("div", {class: "empty"}, "preset");
    const image = el("img", {class: "look", src: api.address(`/files/${source.id}/thumbnail`), tabindex: "0", alt: `${preset.name}: moves while it has the focus`});
    let moving = false;
    async function move() {
      if (moving) return;
      moving = true;
      try {
        for (let at = 0; moving && image.isConnected; at = (at + 1) % steps.length) {
          image.src = await lookAt(preset, steps[at]);
          await new Promise((resolve) => setTimeout(resolve, 120));
        }
      } catch (problem) {
        if (problem.status !== 409) image.title = problem.message;
      }
      moving = false;
    }
    async function rest() {
      moving = false;
      if (looks.get(preset.id)?.has(1)) image.src = await lookAt(preset, 1);
    }
    for (const event of ["pointerenter", "focus"]) image.addEventListener(event, move);
    for (const event of ["pointerleave", "blur"]) image.addEventListener(event, rest);
    rest();
    return image;
  }
  function presetItem(preset) {
    return el("article", {class: "card item", "data-preset": preset.id}, presetLook(preset), el("div", {class: "name"}, preset.name),
      el("div", {class: "small quiet"}, Object.entries(preset.sliders).map(([name, value]) => `${name.replace("_", " ")} ${Number(value.toFixed(2))}`).join(", ")),
      el("div", {class: "row"},
        el("button", {class: "plain", onclick: () => app.emit("preset", preset)}, "Use"),
        el("button", {class: "plain", onclick: () => act(async () => {
          await api.remove(`/presets/${preset.id}`);
          await app.reloadPresets();
        })}, "Delete")));
  }
  const filled = (shelf, items, none) => shelf.replaceChildren(...(items.length > 0 ? items : [el("p", {class: "quiet"}, none)]));
  function draw() {
    filled(files, app.files.filter((file) => file.kind !== "template").map(fileItem), "Nothing was uploaded yet.");
    filled(templates, app.templates.map(templateItem), "No motion is stored yet. Upload a .motion or .pkl file as a clip, or store the motion of a clip above.");
    filled(saved, app.presets.map(presetItem), "No preset yet. Save the sliders of the tab Edit as one.");
  }
  app.on("files", draw);
  app.on("presets", draw);
  draw();
  find("panel-library").append(el("div", {class: "stack"},
    el("section", {}, el("h1", {}, "Pictures and clips"), files),
    el("section", {}, el("h1", {}, "Stored motions"), templates),
    el("section", {}, el("h1", {}, "Presets"), saved)));
  draw();
}
