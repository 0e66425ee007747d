// The tab Edit: sliders with an answer at once, keyframes, presets.
import * as api from "./api.js";
import {el, find, toast} from "./dom.js";
import {SourcePicker} from "./source.js";

export function setUpEdit(app) {
  const picker = new SourcePicker(app, {title: "Picture or video"});
  const values = {};
  const rows = new Map();
  const keys = [];  // {time, values}, in their order
  const picture = el("img", {alt: "the edited face", id: "edit-picture", hidden: true});
  const original = el("img", {alt: "the picture as it was", hidden: true});
  const told = el("p", {class: "quiet small", role: "status"}, "");
  let model = "";
  let asking = false;
  let again = false;
  let shown = null;

  const settings = (of) => Object.entries(of).map(([name, value]) => `${name}=${value}`).join(",");

  // Keyframes: every slider that any key moves has a value in all of them.
  function keyedSettings() {
    const names = [...new Set(keys.flatMap((key) => Object.keys(key.values)))];
    const neutral = Object.fromEntries(app.options.sliders.map((slider) => [slider.name, slider.neutral]));
    return names.map((name) => {
      const times = keys.map((key) => [key.time, key.values[name] ?? neutral[name]]).filter(([, value]) => value !== null && value !== undefined);
      return `${name}@${times.map(([time, value]) => `${time}s=${value}`).join(",")}`;
    }).join(";");
  }

  // One request at a time; what is moved meanwhile is asked for afterwards, as it is then.
  async function ask() {
    if (!app.source || !app.livePortrait()) return;
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    const began = performance.now();
    try {
      const blob = await api.preview({source: app.source.id, set: settings(values), model, options: place.options()});
      if (shown) URL.revokeObjectURL(shown);
      shown = URL.createObjectURL(blob);
      picture.src = shown;
      picture.hidden = false;
      told.textContent = `answered in ${Math.round(performance.now() - began)} ms`;
      told.className = "quiet small";
    } catch (problem) {
      if (problem.status !== 409) {
        told.textContent = problem.message;
        told.className = "problem";
      }
    }
    asking = false;
    if (again) {
      again = false;
      ask();
    }
  }

  function setValue(name, value) {
    const {slider, input, output, box} = rows.get(name);
    const changed = value !== null && value !== slider.neutral;
    if (changed) values[name] = value;
    else delete values[name];
    input.value = value ?? (slider.low + slider.high) / 2;
    output.textContent = value === null ? "as it is" : Number(value.toFixed(3));
    box.classList.toggle("changed", changed);
  }
  function setAll(wanted) {
    for (const slider of app.options.sliders) setValue(slider.name, wanted[slider.name] ?? slider.neutral);
    ask();
  }

  const sliders = el("div", {class: "sliders"});
  for (const slider of app.options.sliders) {
    const id = `slider-${slider.name}`;
    const input = el("input", {type: "range", id, min: String(slider.low), max: String(slider.high), step: String((slider.high - slider.low) / 200),
      title: slider.help,
      oninput: () => {
        setValue(slider.name, Number(input.value));
        ask();
      },
      ondblclick: () => {
        setValue(slider.name, slider.neutral);
        ask();
      },
      onkeydown: (event) => {
        if (event.key !== "Delete" && event.key !== "Backspace") return;
        setValue(slider.name, slider.neutral);
        ask();
      }});
    const output = el("output", {for: id});
    const box = el("div", {class: "slider"}, el("label", {for: id, title: slider.help}, slider.name.replace("_", " ")), input, output);
    rows.set(slider.name, {slider, input, output, box});
    sliders.append(box);
    setValue(slider.name, slider.neutral);
  }

  // Drawings, statues and animals: the face is placed by hand.
  const place = {
    element: null,
    input: el("input", {id: "edit-bbox", placeholder: "x,y,w,h", spellcheck: "false", onchange: () => {
      if (app.source) boxes.set(app.source.id, place.input.value.trim());
      ask();
    }}),
    options() {
      return this.input.value.trim() ? {bbox: this.input.value.trim()} : {};
    },
  };

  const compare = el("button", {id: "compare", title: "hold to see the picture as it was"}, "Hold to compare");
  const before = (on) => {
    original.hidden = !on;
    picture.hidden = on || !shown;
  };
  for (const [event, on] of [["pointerdown", true], ["pointerup", false], ["pointerleave", false], ["blur", false]]) {
    compare.addEventListener(event, () => before(on));
  }
  compare.addEventListener("keydown", (event) => (event.key === " " || event.key === "Enter") && before(true));
  compare.addEventListener("keyup", () => before(false));

  // Keyframes on a time line.
  const seconds = el("input", {type: "number", id: "key-time", min: "0", step: "0.1", value: "0"});
  const line = el("div", {class: "timeline"});
  function drawKeys() {
    const end = Math.max(app.source?.seconds ?? 0, ...keys.map((key) => key.time), 2);
    const range = el("input", {type: "range", min: "0", max: String(end), step: "0.1", value: seconds.value, "aria-label": "moment on the time line",
      oninput: () => { seconds.value = range.value; }});
    line.replaceChildren(range, ...keys.map((key) => {
      const button = el("button", {class: "key", title: settings(key.values), onclick: () => {
        seconds.value = key.time;
        setAll(key.values);
      }, ondblclick: () => {
        keys.splice(keys.indexOf(key), 1);
        drawKeys();
      }}, `${key.time} s`);
      button.style.left = `${100 * key.time / end}%`;
      return button;
    }));
  }
  function addKey() {
    const time = Number(seconds.value);
    const at = keys.findIndex((key) => key.time >= time);
    const key = {time, values: {...values}};
    if (at >= 0 && keys[at].time === time) keys[at] = key;
    else keys.splice(at < 0 ? keys.length : at, 0, key);
    drawKeys();
  }

  async function apply() {
    if (!app.source) return toast("Choose a picture first.");
    const set = keys.length > 0 ? keyedSettings() : settings(values);
    if (!set) return toast("Move a slider first.");
    try {
      const job = await api.post("/jobs", {kind: "edit", source: app.source.id, model, options: {set, ...place.options()}});
      app.emit("job", job);
      app.showTab("queue");
    } catch (problem) {
      toast(problem.message);
    }
  }
  const name = el("input", {id: "preset-name", placeholder: "name of a preset", "aria-label": "name of a preset"});
  const saved = el("div", {class: "row", id: "edit-presets"});
  async function savePreset() {
    if (!name.value.trim() || Object.keys(values).length === 0) return toast("Move a slider, and give the preset a name.");
    try {
      await api.post("/presets", {name: name.value.trim(), sliders: values, source: app.source?.id ?? null});
      name.value = "";
      await app.reloadPresets();
    } catch (problem) {
      toast(problem.message);
    }
  }
  app.on("preset", (preset) => {
    app.showTab("edit");
    setAll(preset.sliders);
  });
  const showPresets = () => saved.replaceChildren(...app.presets.map((preset) =>
    el("button", {title: settings(preset.sliders), onclick: () => setAll(preset.sliders)}, preset.name)));
  app.on("presets", showPresets);
  // The box that was given by hand is needed wherever this picture is edited.
  const boxes = new Map();
  app.editOptions = (source) => (boxes.get(source) ? {bbox: boxes.get(source)} : {});

  const missing = el("div", {class: "card"}, el("h2", {}, "Editing needs LivePortrait"),
    el("p", {}, "Its weights are not on this machine yet. Fetch them once, then start the server again:"),
    el("p", {}, el("code", {}, "animate models fetch liveportrait")));
  const panel = el("div", {class: "columns even"},
    el("div", {class: "stack"},
      el("div", {class: "card"}, el("div", {class: "stage"}, picture, original), told,
        el("div", {class: "row"}, compare, el("button", {onclick: () => setAll({})}, "Reset all"),
          el("button", {class: "primary push", id: "apply", onclick: apply}, "Make the result"))),
      picker.element,
      el("div", {class: "card"}, el("h2", {}, "Keyframes"),
        el("p", {class: "small quiet"}, "Set the sliders, choose a moment, add a key: between two keys values go in a straight line. Click a key to see it, double-click to remove it. Without keys the sliders hold for all of the picture or video."),
        line,
        el("div", {class: "row"}, el("label", {for: "key-time"}, "at second"), seconds, el("button", {id: "add-key", onclick: addKey}, "Add key"),
          el("button", {onclick: () => { keys.length = 0; drawKeys(); }}, "Remove all")))),
    el("div", {class: "stack"},
      el("div", {class: "card"}, el("h2", {}, "Face"), el("p", {class: "small quiet"}, "Double-click a slider, or press Delete on it, to reset it."), sliders),
      el("div", {class: "card"}, el("h2", {}, "Presets"), saved,
        el("div", {class: "row joined"}, name, el("button", {id: "save-preset", onclick: savePreset}, "Save")),
        el("p", {class: "small quiet"}, "The sliders as they are, under a name. They lie on the server and in the Library.")),
      el("div", {class: "card"}, el("h2", {}, "Face by hand"),
        el("p", {class: "small quiet"}, "Where no face is found, as in drawings: the box from hairline to chin, in pixels."),
        el("label", {for: "edit-bbox"}, "Box"), place.input)));

  function show() {
    const found = app.livePortrait();
    model = app.familyOf("") === "liveportrait" ? "" : found?.name ?? "";
    panel.hidden = !found;
    missing.hidden = Boolean(found);
  }
  app.on("model", show);
  app.on("source", (source) => {
    picture.hidden = true;
    place.input.value = boxes.get(source?.id) ?? "";
    if (source) {
      original.src = api.address(`/files/${source.id}/picture`);
      if (!find("panel-edit").hidden) ask();
    }
    drawKeys();
  });
  app.on("tab", (tab) => tab === "edit" && app.source && picture.hidden && ask());
  showPresets();
  drawKeys();
  show();
  find("panel-edit").append(missing, panel);
}
