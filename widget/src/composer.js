/** Where the visitor writes. */
import { button, h } from "./dom.js";

export class Composer {
  /** `send` is called with the words. */
  constructor(send) {
    this.send = send;
    // Spell checkers of some browsers send the words to their maker, and correction turns drug names into others.
    this.input = h("textarea", {
      rows: "1",
      label: "input",
      hint: "hint",
      enterkeyhint: "send",
      autocomplete: "off",
      autocorrect: "off",
      spellcheck: "false",
      input: () => this.grow(),
      keydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
      },
    });
    const go = button("", () => {}, { icon: "send", label: "send", type: "submit" });
    this.node = h("form", { submit: (event) => this.submit(event) }, this.input, go);
  }

  submit(event) {
    event.preventDefault();
    const text = this.input.value.replace(/\0/g, "").trim();
    if (!text) return;
    this.clear();
    this.send(text);
  }

  clear() {
    this.input.value = "";
    this.grow();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  /** What could not be sent is there to be written anew. */
  giveBack(text) {
    if (!this.input.value) this.input.value = text;
    this.grow();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }
}
