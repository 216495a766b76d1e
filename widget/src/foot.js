/** What else a visitor may do, below the line to write on: clear the chat, change the language, and more. */
import { isOn, turn } from "./chime.js";
import { button, h } from "./dom.js";
import { put, spoken } from "./words.js";

const otherThan = (language) => (language === "en" ? "es" : "en");

export class Foot {
  /** `does` holds what the buttons do: clear, speak (with a language), showHelper, textMe; fit and canText follow. */
  constructor(does) {
    this.does = does;
    this.sheet = this.buildSheet();
    const more = { say: "more", "aria-expanded": "false", "aria-controls": "more" };
    this.more = button("bare", () => this.toggleSheet(), more);
    this.language = button("bare", () => this.speak(), { say: "language", lang: otherThan(spoken()) });
    const clear = button("bare", () => this.ask(true), { say: "clear" });
    this.row = h("div", { class: "foot" }, clear, this.language, this.more);
    this.question = h(
      "div",
      { class: "foot", role: "group", label: "clear-ask", hidden: true },
      h("span", { say: "clear-ask" }),
      button("bare", () => this.clear(), { say: "clear-yes" }),
      button("bare", () => this.ask(false), { say: "clear-no" }),
    );
    this.node = h("div", null, this.row, this.question);
  }

  buildSheet() {
    this.sound = button("plain", () => this.toggleSound(), { say: isOn() ? "sound-off" : "sound-on" });
    this.text = button("plain", this.does.textMe, { say: "text-me" });
    return h(
      "div",
      { class: "sheet", id: "more", hidden: true },
      button("plain", this.does.showHelper, { say: "helper" }),
      this.text,
      this.sound,
      h("h3", { say: "keeps-title" }),
      h("p", { say: "keeps" }),
      h("p", { id: "leave-note", say: "leave-note" }),
    );
  }

  toggleSheet() {
    this.sheet.hidden = !this.sheet.hidden;
    this.text.hidden = !this.does.canText();
    this.more.setAttribute("aria-expanded", String(!this.sheet.hidden));
    this.does.fit();
  }

  toggleSound() {
    turn(!isOn());
    const words = this.sound.firstChild;
    words.dataset.say = isOn() ? "sound-off" : "sound-on";
    put(words);
  }

  speak() {
    this.does.speak(otherThan(spoken()));
    this.language.lang = otherThan(spoken());
  }

  /** Asks whether to clear, or takes the question away. */
  ask(asked) {
    this.row.hidden = asked;
    this.question.hidden = !asked;
    (asked ? this.question : this.row).querySelector("button").focus();
  }

  clear() {
    this.ask(false);
    this.does.clear();
  }
}
