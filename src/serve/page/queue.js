// The tab Queue: all jobs, the newest first.
import * as api from "./api.js";
import {bytes, clock, el, find, toast} from "./dom.js";

// Results that a browser shows; others, such as stored motions, are downloaded.
export const isShown = (result) => /^(image|video)\//.test(result.type);

export function setUpQueue(app) {
  const jobs = new Map();
  const watched = new Map();
  const list = el("div", {class: "jobs"});

  function note(job) {
    jobs.set(job.id, job);
    const over = ["done", "failed", "cancelled"].includes(job.state);
    if (over) watched.delete(job.id);
    else if (!watched.has(job.id)) watched.set(job.id, api.watch(job.id, (state) => {
      note(state);
      if (state.state === "done" && !isShown(state.result)) app.reloadFiles();
    }));
    draw();
  }
  async function reload() {
    const known = (await api.get("/jobs")).jobs;
    const ids = new Set(known.map((job) => job.id));
    for (const id of jobs.keys()) if (!ids.has(id)) jobs.delete(id);
    known.forEach(note);
    draw();
  }
  app.on("job", note);

  function words(job) {
    const names = [job.source?.name, job.driving?.name].filter(Boolean).join(" ← ");
    const states = {
      queued: job.ahead ? `waits for ${job.ahead} before it` : "is next",
      running: `${job.stage}${job.total ? `, ${job.done} of ${job.total} frames` : ""}${job.seconds_left ? `, ${clock(job.seconds_left)} left` : ""}`,
      done: job.result && `${job.result.frames} frames, ${bytes(job.result.bytes)}, made in ${clock(job.result.seconds)}`,
      failed: job.problem?.detail,
      cancelled: "nothing was written",
    };
    return el("div", {},
      el("h2", {}, names || job.kind),
      el("span", {class: `state ${job.state}`}, `${job.kind}: ${job.state}`),
      el("span", {class: "small quiet"}, ` ${states[job.state] ?? ""}`),
      job.state === "running" && el("progress", {max: "1", value: job.total ? job.done / job.total : undefined, "aria-label": "progress"}));
  }

  function row(job) {
    const over = ["done", "failed", "cancelled"].includes(job.state);
    const result = api.address(`/jobs/${job.id}/result`);
    const image = job.result && isShown(job.result) ? `/jobs/${job.id}/preview` : job.source ? `/files/${job.source.id}/thumbnail` : job.driving ? `/files/${job.driving.id}/thumbnail` : null;
    const picture = image ? el("img", {src: api.address(image), alt: "", loading: "lazy"}) : el("div", {class: "blank"});
    picture.addEventListener("error", () => picture.replaceWith(el("div", {class: "blank"})));
    return el("article", {class: "card job", "data-job": job.id, "data-state": job.state}, picture, words(job),
      el("div", {class: "row"},
        job.result && isShown(job.result) && el("a", {class: "button", href: result, target: "_blank", rel: "noopener"}, "Open"),
        job.result && el("a", {class: "button", href: `${result}?download`, download: job.result.name}, "Download"),
        over && el("button", {onclick: () => again(job)}, "Again"),
        el("button", {onclick: () => removeJob(job, over)}, over ? "Delete" : "Cancel")));
  }
  // What was asked for, asked anew: after a full disk has room, or with a model that was put in place since.
  async function again({kind, source, driving, model, options, format}) {
    try {
      app.emit("job", await api.post("/jobs", {kind, source: source?.id, driving: driving?.id, model, options, format}));
    } catch (problem) {
      toast(problem.message);
    }
  }
  async function removeJob(job, over) {
    try {
      await api.remove(`/jobs/${job.id}`);
      if (over) jobs.delete(job.id);
      draw();
      if (over && job.result && !isShown(job.result)) app.reloadFiles();
    } catch (problem) {
      toast(problem.message);
    }
  }

  let planned = false;
  // Several events in one moment are one drawing.
  function draw() {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      const open = [...jobs.values()].filter((job) => job.state === "queued" || job.state === "running").length;
      find("queue-count").textContent = String(open);
      find("queue-count").hidden = open === 0;
      if (find("panel-queue").hidden) return;
      const newest = [...jobs.values()].sort((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
      list.replaceChildren(...newest.map(row));
      if (newest.length === 0) list.append(el("p", {class: "empty card"}, "No job yet. What is made on the other tabs is listed here, also what scripts ask for."));
    });
  }
  app.on("tab", (tab) => tab === "queue" && reload().catch((problem) => toast(problem.message)));
  find("panel-queue").append(list);
  reload().catch((problem) => toast(problem.message));
}
