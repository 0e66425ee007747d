// The picture that is worked on: dropped, chosen among the uploads, its faces outlined. The same on every tab.
import * as api from "./api.js";
import {dropZone, el, freshId, toast} from "./dom.js";

export class SourcePicker {
  // `faces`: they can be clicked. `whenEmpty`: shown below while there is no picture. `onchoice` is called when `choice` is another: a face, "all", or null for the model's
  // own choice.
  constructor(app, {title, faces = false, still = false, whenEmpty = null}) {
    this.app = app;
    this.faces = faces;
    this.whenEmpty = whenEmpty;
    this.choice = null;
    this.onchoice = () => {};
    this.family = "fomm";
    this.accept = still ? "image/*" : "image/*,video/*";
    this.body = el("div");
    this.element = el("div", {class: "card"}, el("h2", {}, title), this.body);
    app.on("source", () => {
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
    this.body.replaceChildren(...[source && this.picture(source), source && this.faces && this.words(source), zone, list, !source && this.whenEmpty].filter(Boolean));
  }

  picture(source) {
    const box = el("div", {class: "picture"}, el("img", {src: api.address(`/files/${source.id}/picture`), alt: source.name}));
    if (!this.faces) return box;
    source.faces.forEach((face, number) => {
      // What would be cut out is what is outlined.
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
      : this.choice === "all" ? "All faces move." : "What is outlined is cut out and moves.";
    return el("p", {class: "small quiet"}, which, everyone || "");
  }
}
