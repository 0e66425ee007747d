// A form out of GET /options: an option that is added to the program appears by itself.
import {el, freshId} from "./dom.js";

export class OptionForm {
  // `rows` of the interface; `common`: names that are shown first, with plainer words where given.
  constructor(rows, common) {
    this.rows = rows.filter((row) => row.settable);
    this.values = {};
    this.onchange = () => {};
    this.fields = new Map();
    const first = el("div");
    for (const [name, words] of Object.entries(common)) {
      const row = this.rows.find((candidate) => candidate.name === name);
      if (row) first.append(this.field(row, words));
    }
    this.more = el("details", {ontoggle: () => this.finish()}, el("summary", {}, "More options"));
    this.element = el("div", {}, first, this.more);
    // A hundred fields that nobody sees yet would keep the page from being there.
    setTimeout(() => this.finish());
  }

  // The fields under "More options", once.
  finish() {
    if (!this.more || this.more.childElementCount > 1) return;
    const groups = new Map();
    for (const row of this.rows) {
      if (this.fields.has(row.name)) continue;
      if (!groups.has(row.group)) {
        const group = el("details", {"data-family": row.family}, el("summary", {}, row.group));
        groups.set(row.group, group);
        this.more.append(group);
      }
      groups.get(row.group).append(this.field(row));
    }
    if (this.family !== undefined) this.show(this.family);
  }

  field(row, words) {
    const id = freshId("option");
    const help = el("span", {class: "small quiet", id: `${id}-help`}, words?.help ?? row.help);
    const label = el("label", {for: id}, words?.title ?? row.name);
    let input;
    let offered = null;
    const changed = (value) => this.set(row.name, value);
    if (row.type === "boolean") {
      input = el("input", {type: "checkbox", id, checked: row.default, onchange: () => changed(input.checked)});
    } else if (row.type === "choice") {
      input = el("select", {id, onchange: () => changed(input.value)},
        row.choices.map((word) => el("option", {value: word, selected: word === row.default}, word)));
    } else if (row.type === "text") {
      // "driving|source|none|FILE": its words are offered, and other texts are possible.
      const known = row.kind.includes("|") ? row.kind.split("|").filter((word) => /^[a-z]+$/.test(word)) : [];
      if (known.length > 0) offered = el("datalist", {id: `${id}-words`}, known.map((word) => el("option", {value: word})));
      input = el("input", {id, value: row.default ?? "", placeholder: row.kind, spellcheck: "false", autocomplete: "off",
        onchange: () => changed(input.value.trim())});
    } else {
      input = el("input", {id, type: "number", value: row.default ?? "", step: row.type === "integer" ? "1" : "any",
        min: row.low === null ? undefined : String(row.low), max: row.high === null ? undefined : String(row.high),
        onchange: () => changed(input.value === "" ? row.default : Number(input.value))});
    }
    input.setAttribute("aria-describedby", help.id);
    if (offered) input.setAttribute("list", offered.id);
    const box = row.type === "boolean"
      ? el("div", {class: "field check"}, input, label, help)
      : el("div", {class: "field"}, label, input, offered, help);
    if (row.family) box.dataset.family = row.family;
    this.fields.set(row.name, {row, input, box});
    return box;
  }

  // From code, as when a face is clicked.
  set(name, value) {
    const row = this.rows.find((candidate) => candidate.name === name);
    if (!row) return;
    const same = value === row.default || (value === "" && (row.default ?? "") === "");
    if (same) delete this.values[name];
    else this.values[name] = value;
    if (!same) this.finish();
    const field = this.fields.get(name);
    if (field) {
      if (row.type === "boolean") field.input.checked = value;
      else field.input.value = value ?? "";
      field.box.classList.toggle("changed", !same);
    }
    this.onchange();
  }

  // Only what a model of this family understands.
  show(family) {
    for (const element of this.element.querySelectorAll("[data-family]")) {
      element.hidden = element.dataset.family !== family;
    }
    this.family = family;
  }

  chosen() {
    const chosen = {};
    for (const [name, value] of Object.entries(this.values)) {
      const {row} = this.fields.get(name);
      if (!row.family || row.family === this.family) chosen[name] = value;
    }
    return chosen;
  }
}
