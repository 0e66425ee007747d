// The picture that is worked on: dropped, chosen among the uploads, its faces outlined. The same on every tab.
import * as api from "./api.js";
import {dropZone, el, freshId, keepPlace, toast} from "./dom.js";

export class SourcePicker {
  // `faces`: they can be clicked. `whenEmpty`: shown below while there is no picture. `onchoice` is called when `choice` is another: a face, "all", or null for the model's
  // own choice.
  constructor(app, {title, faces = false, still = false, whenEmpty = null}) {
    this.app = app;
    this.faces = faces;
    this.whenEmpty = whenEmpty;
    this.choice = null;
    this.onchoice = () => {};
    this.crop = {boxes: [], problem: null};
    this.family = "fomm";
    this.accept = still ? "image/*" : "image/*,video/*";
    this.body = el("div");
    this.element = el("div", {class: "card"}, el("h2", {}, title), this.body);
    app.on("source", () => {
      this.crop = {boxes: [], problem: null};
      this.choose(null);
      this.draw();
    });
    app.on("files", () => {
      if (app.source && !app.files.some((file) => file.id === app.source.id)) app.setSource(null);
      else this.draw();
    });
    this.draw();
  }

  show(family) {
    this.family = family;
    this.draw();
  }
  forget() {
    this.app.setSource(null);
  }

  choose(face) {
    this.choice = face;
    this.onchoice(face);
  }

  // What would be cut out, in pixels of the picture, or the sentence that says why it cannot be told.
  showCrop(boxes, problem = null) {
    this.crop = {boxes, problem};
    this.drawCrop();
  }
  drawCrop() {
    const source = this.app.source;
    const box = this.body.querySelector(".picture");
    const note = this.body.querySelector(".crop-note");
    if (!source || !box || !note) return;
    box.querySelectorAll(".crop").forEach((old) => old.remove());
    const {boxes, problem} = this.crop;
    const whole = boxes.length === 1 && boxes[0].width >= source.width && boxes[0].height >= source.height;
    for (const one of whole ? [] : boxes) {
      const outline = el("div", {class: `crop${boxes.length === 1 ? " only" : ""}`});
      outline.style.left = `${100 * one.x / source.width}%`;
      outline.style.top = `${100 * one.y / source.height}%`;
      outline.style.width = `${100 * one.width / source.width}%`;
      outline.style.height = `${100 * one.height / source.height}%`;
      box.prepend(outline);
    }
    note.textContent = problem ?? (boxes.length === 0 ? "" : whole ? "All of the picture will move." : "What lies in the dashed box will move.");
    note.className = `crop-note small ${problem ? "problem" : "quiet"}`;
    note.hidden = !note.textContent;
  }

  async take(file) {
    this.body.replaceChildren(el("p", {role: "status"}, `uploading ${file.name} …`));
    try {
      const stored = await api.upload(file);
      if (stored.kind !== "picture" && stored.kind !== "video") {
        toast(`${stored.name}: is a ${stored.kind}; choose a picture or video`);
        this.draw();
        return;
      }
      await this.app.reloadFiles();
      this.app.setSource(stored);
    } catch (problem) {
      toast(problem.message);
      this.draw();
    }
  }

  draw() {
    const source = this.app.source;
    const zone = dropZone({id: freshId("source-file"), title: source ? "Another picture" : "Drop a picture here", hint: "or choose one", accept: this.accept,
      onfile: (file) => this.take(file)});
    const earlier = this.app.files.filter((file) => file.kind === "picture");
    const id = freshId("earlier");
    const list = earlier.length > 0 && el("div", {class: "field"}, el("label", {for: id}, "or an earlier one"),
      el("select", {id, onchange: (event) => this.app.setSource(earlier.find((file) => file.id === event.target.value) ?? null)},
        el("option", {value: ""}, "choose …"),
        earlier.map((file) => el("option", {value: file.id, selected: file.id === source?.id}, file.name))));
    const note = source && this.faces && el("p", {class: "crop-note", hidden: true, role: "status"});
    this.body.replaceChildren(...[source && this.picture(source), source && this.faces && this.words(source), note, zone, list, !source && this.whenEmpty].filter(Boolean));
    this.drawCrop();
  }

  picture(source) {
    const picture = el("img", {src: api.address(`/files/${source.id}/picture`), alt: source.name});
    const box = el("div", {class: "picture"}, picture);
    keepPlace(picture, source, {box, highest: 24, widest: `${source.width}px`});
    if (!this.faces) return box;
    source.faces.forEach((face, number) => {
      const outline = face.head;
      const chosen = this.choice === "all" || this.choice === face;
      const button = el("button", {class: "face", "aria-pressed": String(chosen), "aria-label": `face ${number + 1} of ${source.faces.length}`,
        onclick: () => {
          this.choose(this.choice === face ? null : face);
          this.draw();
        }}, el("span", {}, String(number + 1)));
      button.style.left = `${100 * outline.x / source.width}%`;
      button.style.top = `${100 * outline.y / source.height}%`;
      button.style.width = `${100 * outline.width / source.width}%`;
      button.style.height = `${100 * outline.height / source.height}%`;
      box.append(button);
    });
    return box;
  }

  words(source) {
    const count = source.faces.length;
    if (count === 0) return el("p", {class: "small quiet"}, "No face was found by itself; all of the picture is animated, or what “crop” under More options says.");
    const everyone = this.family === "liveportrait" && count > 1 && el("button", {class: "plain", onclick: () => {
      this.choose(this.choice === "all" ? null : "all");
      this.draw();
    }}, this.choice === "all" ? "one only" : "move all of them");
    const which = this.choice === null ? (count === 1 ? "A face was found. Click it to move it alone." : `${count} faces were found. Click the one that is to move.`)
      : this.choice === "all" ? "All faces move." : "The chosen face moves. Click it again for the model's own choice.";
    return el("p", {class: "small quiet"}, which, everyone || "");
  }
}
