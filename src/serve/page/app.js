// The tabs, and what they share.
import * as api from "./api.js";
import {el, find, toast} from "./dom.js";
import {setUpAnimate} from "./animate.js";
import {setUpEdit} from "./edit.js";
import {setUpLive} from "./live.js";
import {setUpQueue} from "./queue.js";
import {setUpLibrary} from "./library.js";

// What the tabs share: the interface's lists, the picture that is worked on, and who wants to know of changes.
const app = {
  options: null,
  models: [],
  files: [],
  templates: [],
  presets: [],
  source: null,
  listeners: {},
  on(event, action) {
    (this.listeners[event] ??= []).push(action);
  },
  emit(event, value) {
    for (const action of this.listeners[event] ?? []) action(value);
  },
  setSource(file) {
    this.source = file;
    this.emit("source", file);
  },
  usableModels() {
    return this.models.filter((model) => model.usable);
  },
  // The family of a model by its name; "" is the server's own.
  familyOf(name) {
    const wanted = name || this.ownModel;
    const model = this.models.find((candidate) => candidate.name === wanted || (candidate.default && wanted === "default"));
    return model?.family ?? "fomm";
  },
  livePortrait() {
    return this.usableModels().find((model) => model.family === "liveportrait");
  },
  async reloadFiles() {
    this.setFiles(...await Promise.all([api.get("/files"), api.get("/templates")]));
  },
  setFiles({files}, {templates}) {
    this.files = files;
    this.templates = templates;
    this.emit("files");
  },
  async reloadPresets() {
    this.setPresets(await api.get("/presets"));
  },
  setPresets({presets}) {
    this.presets = presets;
    this.emit("presets");
  },
  showTab,
};

// A tab is made when it is looked at first, or when the one that is looked at is there.
const makers = {animate: setUpAnimate, edit: setUpEdit, live: setUpLive, queue: setUpQueue, library: setUpLibrary};
function make(name) {
  const maker = makers[name];
  makers[name] = null;
  maker?.(app);
}

const tabs = [...document.querySelectorAll("[role=tab]")];

function showTab(name, focus = false) {
  make(name);
  for (const tab of tabs) {
    const chosen = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    find(tab.getAttribute("aria-controls")).hidden = !chosen;
    if (chosen && focus) tab.focus();
  }
  if (location.hash !== `#${name}`) history.replaceState(null, "", `#${name}`);
  app.emit("tab", name);
}

function setUpTabs() {
  for (const tab of tabs) tab.addEventListener("click", () => showTab(tab.id.slice(4)));
  find("tabs").addEventListener("keydown", (event) => {
    const step = {ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity}[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const next = step === -Infinity ? 0 : step === Infinity ? tabs.length - 1 : (at + step + tabs.length) % tabs.length;
    showTab(tabs[next].id.slice(4), true);
  });
  const wanted = location.hash.slice(1);
  showTab(tabs.some((tab) => tab.id === `tab-${wanted}`) ? wanted : "animate");
}

// The model is opened while the page is read already.
async function watchModel() {
  const place = find("model-state");
  for (;;) {
    const {model} = await api.get("/health");
    if (model.state === "ready") {
      app.ownModel = model.name;
      app.emit("model");
      place.textContent = `model ${model.name}`;
      return;
    }
    if (model.state === "failed") {
      place.textContent = "the model cannot be opened";
      toast(model.problem);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

// True once the server lets this browser in; a key may come with the address, as it is printed.
async function enter() {
  const match = /^#key=(.+)$/.exec(location.hash);
  if (match) {
    history.replaceState(null, "", location.pathname);
    await api.logIn(decodeURIComponent(match[1])).catch((problem) => toast(problem.message));
  }
  const session = await api.get("/session");
  if (session.allowed) return true;
  find("login").hidden = false;
  find("main").hidden = true;
  find("login-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await api.logIn(find("login-key").value.trim());
      location.reload();
    } catch (problem) {
      find("login-problem").textContent = problem.message;
      find("login-problem").hidden = false;
    }
  });
  return false;
}

async function begin() {
  const ask = () => Promise.all(["/options", "/models", "/files", "/templates", "/presets"].map(api.get));
  if (!await enter()) return;
  const [options, models, files, templates, presets] = await ask();
  app.options = options;
  app.models = models.models;
  app.setFiles(files, templates);
  app.setPresets(presets);
  setUpTabs();
  performance.mark("usable");
  await new Promise((resolve) => setTimeout(resolve));
  Object.keys(makers).forEach(make);
  await watchModel();
  document.body.dataset.ready = "yes";
}

begin().catch((problem) => {
  find("main").prepend(el("p", {class: "problem", role: "alert"}, problem.message));
});
