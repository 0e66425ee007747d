// The tab Animate: a picture, what moves it, options, the result.
import * as api from "./api.js";
import {clock, dropZone, el, find, freshId, keepPlace, toast} from "./dom.js";
import {OptionForm} from "./options.js";
import {isShown} from "./queue.js";
import {SourcePicker} from "./source.js";

const common = {
  "relative": {title: "Keep the picture's own pose", help: "It moves by how the driver changes. Off: it takes the driver's pose itself."},
  "adapt-scale": {title: "Fit movements to the face's size", help: "For a driver whose face is larger or smaller than the picture's."},
  "paste-back": {title: "Put the moving part back into the picture", help: "auto: with LivePortrait, else not"},
  "start": {title: "Driver from (seconds)", help: "Use the clip from this time on."},
  "end": {title: "Driver until (seconds)", help: "Use the clip up to this time; empty: to its end."},
  "audio": {title: "Sound", help: "driving, source or none"},
  "concat": {title: "Show driver and picture beside the result", help: "All three in a row."},
};

export function setUpAnimate(app) {
  const samples = el("p", {class: "small"}, "Nothing at hand? ", el("button", {id: "samples", onclick: useSamples}, "Use the sample head and clip"));
  const picker = new SourcePicker(app, {title: "1 · Picture", faces: true, whenEmpty: samples});
  const driver = setUpDriver(app);
  const form = new OptionForm(app.options.options, common);
  const result = el("div", {class: "card", id: "result"});
  let job = null;
  let stop = null;

  const model = el("select", {id: "model", onchange: () => changedModel()});
  // Kinds of jobs come from the server's table; those of other tabs are left out. One that is added there appears here.
  const elsewhere = ["edit", "template"];
  const kinds = app.options.kinds.filter((known) => !elsewhere.includes(known.name));
  const kind = el("select", {id: "kind", onchange: () => changedKind()}, kinds.map((known) => el("option", {value: known.name}, `${known.name}: ${known.help}`)));
  const kindOf = () => kinds.find((known) => known.name === kind.value);
  // Options that a kind has beside those of an animation stand in a form of its own, made when the kind is chosen.
  const ownForms = new Map();
  const ownFormOf = ({name, options}) => {
    if (!options?.length) return null;
    if (!ownForms.has(name)) ownForms.set(name, new OptionForm(options, Object.fromEntries(options.map((row) => [row.name, undefined]))));
    return ownForms.get(name);
  };
  const ownForm = el("div", {id: "own-options"});
  const format = el("select", {id: "format"});
  const start = el("button", {class: "primary large", id: "start", onclick: () => begin()}, "Animate");
  const cancel = el("button", {id: "cancel", hidden: true, onclick: () => api.remove(`/jobs/${job.id}`).catch((p) => toast(p.message))}, "Cancel");

  function changedKind() {
    const {name, source, driving, formats} = kindOf();
    // Of an animation pictures are the exception: what does not move becomes one by itself.
    const offered = formats.filter((one) => name !== "animate" || (one !== "png" && one !== "jpg"));
    format.replaceChildren(...offered.map((one) => el("option", {value: one}, one)));
    picker.element.hidden = !source;
    driver.element.hidden = !driving;
    const own = ownFormOf(kindOf());
    ownForm.replaceChildren(...(own ? [own.element] : []));
    form.element.hidden = Boolean(own);
    start.textContent = name[0].toUpperCase() + name.slice(1);
  }
  function changedModel() {
    const family = app.familyOf(model.value);
    form.show(family);
    picker.show(family);
    chosenFace();
    askForCrop();
  }

  // What is cut out is drawn before anything is rendered. The server tells: each family of models has its own way.
  const cropping = ["crop", "face", "bbox", "points", "scale", "vx-ratio", "vy-ratio", "rotation"];
  let cropTimer = 0;
  let cropsAsked = 0;
  function askForCrop() {
    clearTimeout(cropTimer);
    cropTimer = setTimeout(async () => {
      const source = app.source;
      if (!source || !app.ownModel) return;
      const asked = ++cropsAsked;
      const options = Object.fromEntries(Object.entries(form.chosen()).filter(([name]) => cropping.includes(name)));
      try {
        const {faces} = await api.post("/crop", {source: source.id, model: model.value, options});
        if (asked === cropsAsked) picker.showCrop(faces);
      } catch (problem) {
        if (asked === cropsAsked && problem.status !== 409) picker.showCrop([], problem.message);
      }
    }, 100);
  }
  form.onchange = askForCrop;
  app.on("source", askForCrop);
  function fillModels() {
    model.replaceChildren(el("option", {value: ""}, `the server's own${app.ownModel ? ` (${app.ownModel})` : ""}`));
    for (const found of app.usableModels()) model.append(el("option", {value: found.name}, `${found.name} (${found.family})`));
    changedModel();
  }
  app.on("model", fillModels);

  // A face that is clicked becomes the options that mean it.
  function chosenFace() {
    const family = app.familyOf(model.value);
    const face = picker.choice;
    form.set("crop", "");
    form.set("face", "largest");
    form.set("paste-back", "auto");
    if (face === null) return;
    if (family === "liveportrait") {
      form.set("face", face === "all" ? "all" : `${Math.round(face.face.x + face.face.width / 2)},${Math.round(face.face.y + face.face.height / 2)}`);
    } else if (face !== "all") {
      const head = face.head;
      form.set("crop", [head.x, head.y, head.width, head.height].map(Math.round).join(","));
      form.set("paste-back", "on");
    }
  }
  picker.onchoice = chosenFace;

  async function begin() {
    const {name, source, driving} = kindOf();
    if (source && !app.source) return toast("Choose a picture first: step 1.");
    if (driving && !driver.id()) return toast("Choose what moves it: step 2.");
    const {family} = kindOf();
    const options = (ownFormOf(kindOf()) ?? form).chosen();
    const wanted = {kind: name, model: model.value, options, format: format.value};
    // The server's own model is one that a driver moves: another kind of model is the server's to choose.
    if (family && app.familyOf(model.value) !== family) wanted.model = "";
    if (source) wanted.source = app.source.id;
    if (driving) wanted.driving = driver.id();
    start.disabled = true;
    try {
      job = await api.post("/jobs", wanted);
      app.emit("job", job);
      follow(source ? app.source : null);
    } catch (problem) {
      start.disabled = false;
      showProblem(problem.message);
    }
  }

  function follow(source) {
    cancel.hidden = false;
    stop?.();
    stop = api.watch(job.id, (state) => {
      job = state;
      app.emit("job", job);
      showProgress(source);
      if (["done", "failed", "cancelled"].includes(job.state)) {
        start.disabled = false;
        cancel.hidden = true;
      }
    });
  }

  function showProblem(sentence) {
    result.replaceChildren(el("h2", {}, "Result"), el("p", {class: "problem", role: "alert"}, sentence));
  }

  function showProgress(source) {
    if (job.state === "done") return showResult(source);
    if (job.state === "failed") return showProblem(job.problem.detail);
    if (job.state === "cancelled") return showProblem("The job was cancelled; nothing was written.");
    const waiting = job.state === "queued" && job.ahead ? `waiting: ${job.ahead} before it` : job.stage || "waiting";
    const still = source && el("img", {src: api.address(`/files/${source.id}/picture`), alt: "the picture, waiting to move"});
    if (still) keepPlace(still, source);
    const left = job.seconds_left ? ` · ${clock(job.seconds_left)} left` : "";
    const frames = job.total ? `${job.done} of ${job.total} frames` : job.done ? `${job.done} frames` : "";
    result.replaceChildren(...[
      el("h2", {}, "Result"),
      still && el("div", {class: "stage"}, still),
      el("p", {role: "status"}, `${waiting} ${frames}${left}`),
      el("progress", {"aria-label": "progress", max: "1", value: job.total ? job.done / job.total : undefined})].filter(Boolean));
  }

  function showResult(source) {
    const path = api.address(`/jobs/${job.id}/result`);
    const still = job.result.type.startsWith("image/");
    const moving = !isShown(job.result)
      ? el("p", {class: "empty"}, `${job.result.name} is made.`)
      : still
      ? el("img", {class: "under", src: path, alt: "the result"})
      : el("video", {src: path, id: "result-video", controls: true, autoplay: true, loop: true, muted: true, playsinline: true});
    const over = el("img", {class: "over", src: source ? api.address(`/files/${source.id}/picture`) : undefined, alt: ""});
    const wipe = el("div", {class: "wipe"}, moving, over);
    if (isShown(job.result)) keepPlace(moving, job.result, {box: wipe, highest: 32, widest: "32rem"});
    const slider = el("input", {type: "range", min: "0", max: "100", value: "0", id: freshId("wipe"),
      oninput: () => { over.style.clipPath = `inset(0 ${100 - slider.value}% 0 0)`; }});
    over.style.clipPath = "inset(0 100% 0 0)";
    // Only what shows the same can be wiped.
    const comparable = source !== null && isShown(job.result) && Math.abs(job.result.width / job.result.height - source.width / source.height) < .02;
    over.hidden = !comparable;
    result.replaceChildren(...[
      el("h2", {}, "Result"),
      wipe,
      comparable ? el("div", {class: "field"}, el("label", {for: slider.id}, "Wipe the picture over it"), slider) : null,
      el("p", {class: "quiet small"}, `${job.result.frames} frames, ${job.result.width}×${job.result.height}, made in ${clock(job.result.seconds)}`),
      ...job.warnings.map((warning) => el("p", {class: "note small"}, warning)),
      el("div", {class: "row"},
        el("a", {class: "button", href: `${path}?download`, download: job.result.name}, "Download"),
        el("a", {class: "button", href: api.address(`/jobs/${job.id}/report`), target: "_blank", rel: "noopener"}, "Report"),
        el("button", {onclick: () => { picker.forget(); driver.element.scrollIntoView({block: "center"}); }}, "Same again with another picture"))].filter(Boolean));
  }

  showEmpty();
  function showEmpty() {
    result.replaceChildren(
      el("h2", {}, "Result"),
      el("div", {class: "empty"},
        el("p", {}, "Choose a picture and what moves it, then Animate."),
        el("p", {}, "Nothing at hand? Both samples lie ready in step 1.")));
  }
  async function useSamples() {
    try {
      const {files} = await api.post("/samples");
      await app.reloadFiles();
      app.setSource(files.find((file) => file.kind === "picture"));
      driver.choose(files.find((file) => file.kind === "video"));
    } catch (problem) {
      toast(problem.message);
    }
  }

  const weights = el("p", {class: "note small"}, "The drawn heads work at once. For photos of people get LivePortrait's weights: ",
    el("code", {}, "animate models fetch liveportrait"), ", then start the server again.");
  weights.hidden = Boolean(app.livePortrait());

  find("panel-animate").append(el("div", {class: "columns"},
    el("div", {class: "stack"},
      picker.element,
      driver.element,
      el("div", {class: "card"}, el("h2", {}, "3 · How"),
        kinds.length > 1 && el("div", {class: "field"}, el("label", {for: "kind"}, "What is made"), kind),
        el("div", {class: "field"}, el("label", {for: "model"}, "Model"), model),
        el("div", {class: "field"}, el("label", {for: "format"}, "Result as"), format),
        ownForm, form.element, weights)),
    el("div", {class: "stack stick"},
      el("div", {class: "card row"}, start, cancel),
      result)));
  changedKind();
  fillModels();
}

// What moves the picture: a clip, a stored motion, or the camera on its own tab.
function setUpDriver(app) {
  let file = null;
  const body = el("div");
  const templates = el("select", {id: "template"});
  let way = "clip";

  const choose = (chosen) => {
    file = chosen;
    way = "clip";
    show();
  };
  async function take(dropped) {
    body.replaceChildren(el("p", {role: "status"}, `uploading ${dropped.name} …`));
    try {
      file = await api.upload(dropped);
      if (file.kind === "sound") {
        toast(`${file.name}: is sound only; choose a clip with pictures`);
        file = null;
      }
      app.reloadFiles();
    } catch (problem) {
      toast(problem.message);
    }
    show();
  }
  function showClip() {
    const zone = dropZone({id: "driver-file", title: file ? "Another clip" : "Drop a clip here", hint: "or choose one: video, GIF, picture, motion template",
      accept: "video/*,image/*,.motion,.pkl", onfile: take});
    if (!file) return [zone];
    const media = file.kind === "video"
      ? el("video", {src: api.address(`/files/${file.id}/content`), poster: api.address(`/files/${file.id}/picture`), controls: true, muted: true, loop: true, playsinline: true, "aria-label": `the clip ${file.name}`})
      : file.kind === "picture" ? el("img", {src: api.address(`/files/${file.id}/picture`), alt: file.name}) : el("p", {class: "empty"}, "stored motion");
    if (file.kind === "video" || file.kind === "picture") keepPlace(media, file);
    const length = file.seconds ? ` · ${file.seconds.toFixed(1)} s` : "";
    return [el("div", {class: "stage"}, media), el("p", {class: "small quiet"}, `${file.name}${length}`), zone];
  }
  function showTemplates() {
    templates.replaceChildren(...app.templates.map((stored) => el("option", {value: stored.id}, `${stored.name} (${stored.frames} frames)`)));
    if (app.templates.length === 0) return [el("p", {class: "quiet"}, "No motion is stored yet. Drop a .motion or .pkl file under Clip, or store a clip's motion in the Library.")];
    return [el("label", {for: "template"}, "Stored motion"), templates];
  }
  function show() {
    for (const radio of segments.querySelectorAll("input")) radio.checked = radio.value === way;
    body.replaceChildren(...(way === "clip" ? showClip() : way === "template" ? showTemplates() : []));
  }
  const option = (value, text) => el("label", {}, el("input", {type: "radio", name: "driver", value, onchange: () => {
    if (value === "camera") {
      show();
      return app.showTab("live", true);
    }
    way = value;
    show();
  }}), text);
  const segments = el("div", {class: "segments", role: "radiogroup", "aria-label": "What moves the picture"},
    option("clip", "Clip"), option("template", "Motion"), option("camera", "Camera"));
  app.on("files", () => {
    if (file && !app.files.some((known) => known.id === file.id)) file = null;
    show();
  });
  show();
  return {
    element: el("div", {class: "card"}, el("h2", {}, "2 · What moves it"), segments, body),
    id: () => way === "template" ? templates.value || null : file?.id ?? null,
    choose,
  };
}
