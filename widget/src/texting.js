/** "Text me this": asks for a number and a yes, and has one answer sent there. The number is kept nowhere here. */
import STYLE from "style";
import SAID from "words/texting";

const PATIENCE = 15000; // ms
const LEAST = 7; // digits; whether a number can get texts is for the server to say

class Texting {
  /** `kit` is what the panel lends: elements, words, its root and style, and `ask`, which posts for this session. */
  constructor(kit, seq) {
    this.kit = kit;
    this.seq = seq;
    const { h, button, spoken } = kit;
    this.number = h("input", {
      id: "texting-number",
      type: "tel",
      autocomplete: "tel",
      "aria-describedby": "texting-said",
    });
    this.agreed = h("input", { id: "texting-agreed", type: "checkbox", "aria-describedby": "texting-said" });
    this.send = button("", () => {}, { say: "send", type: "submit" });
    this.said = h("p", { id: "texting-said", role: "alert" });
    this.form = h(
      "form",
      { novalidate: true, submit: (event) => this.submit(event) },
      h("label", { for: "texting-number", say: "texting-number" }),
      this.number,
      h("div", { class: "row" }, this.agreed, h("label", { for: "texting-agreed", say: "texting-agree" })),
      this.said,
      h(
        "div",
        { class: "row" },
        this.send,
        button("plain", () => this.node.close(), { say: "texting-cancel" }),
      ),
    );
    const title = h("h2", { id: "texting-title", say: "text-me", tabindex: "-1" });
    const attributes = { class: "texting", "aria-labelledby": "texting-title", lang: spoken() };
    this.node = h("dialog", { ...attributes, close: () => this.node.remove() }, title, this.form);
  }

  open() {
    this.kit.root.append(this.node);
    this.node.showModal();
    this.number.focus();
  }

  /** Says what keeps the text from being sent, and goes to where that can be mended. */
  tell(words, at = this.send) {
    this.said.replaceChildren(...this.kit.linked(words));
    for (const field of [this.number, this.agreed]) field.setAttribute("aria-invalid", String(field === at));
    at.focus();
  }

  async submit(event) {
    event.preventDefault();
    const { say } = this.kit;
    const number = this.number.value.trim();
    if (number.replace(/\D/g, "").length < LEAST) return this.tell(say("texting-no-number"), this.number);
    if (!this.agreed.checked) return this.tell(say("texting-not-agreed"), this.agreed);
    if (this.busy) return;
    this.busy = true;
    this.tell(say("state-sending"));
    const { status, body } = await this.post(number);
    this.busy = false;
    if (status === 202) this.done(body.number);
    else this.tell(body.text || say("texting-no-answer"), status === 422 ? this.number : this.send);
  }

  /** The same number goes under the same id, so that trying again sends no second text. */
  post(number) {
    const { uuid, ask, spoken } = this.kit;
    if (number !== this.tried) this.id = uuid();
    this.tried = number;
    const body = { id: this.id, number, agreed: true, seq: this.seq, language: spoken() };
    return ask("chat/text", body, PATIENCE).catch(() => ({ status: 0, body: {} }));
  }

  done(number) {
    const { h, button, say } = this.kit;
    const sent = h("p", { tabindex: "-1", role: "status" }, `${say("texting-sent")} ${number}.`);
    this.form.replaceWith(
      sent,
      button("wide", () => this.node.close(), { say: "helper-close" }),
    );
    sent.focus();
  }
}

const dressed = new WeakSet(); // roots that have the style

/** Opens the dialog for the answer that the server numbered `seq`. */
export function open(kit, seq) {
  kit.learn(SAID);
  if (!dressed.has(kit.root)) kit.dress(STYLE);
  dressed.add(kit.root);
  new Texting(kit, seq).open();
}
