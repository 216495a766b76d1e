/** The messages on the screen: drawn once, in order, and announced once. What they mean is talk.js's part. */
import { draw, listed } from "./cards.js";
import { copyButton, plainText } from "./copying.js";
import { button, h, icon, touch } from "./dom.js";
import { linked } from "./linked.js";
import { phone, spoken } from "./words.js";

/** What is left of an alarm's words when those that its card shows as steps are taken away: nobody reads them twice. */
function besides(text, card) {
  const steps = listed(card?.steps);
  if (!text || steps.length === 0) return text;
  return steps
    .reduce((left, step) => left.replace(step, ""), text)
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .join("\n");
}

/** The whole answer that ends with this element, as plain text. */
function answer(node) {
  const parts = [];
  for (let each = node; each && (each === node || each.to === node.to); each = each.previousElementSibling) {
    parts.unshift(plainText(each.drawn));
  }
  return parts.join("\n\n");
}

export class Log {
  /** `press` is called with the title and the choice of a quick answer, `textMe` with an answer; it may be missing. */
  constructor(press, textMe) {
    this.press = press;
    this.textMe = textMe;
    // The log is there from the start and takes only additions: what changes (state, indicator) stays outside or off.
    this.items = h("div", { role: "log", "aria-live": "polite", "aria-relevant": "additions", label: "messages" });
    this.working = h("div", { class: "working", hidden: true }, h("i"), h("i"), h("i"), h("span", { say: "working" }));
    const hello = ["hello", phone() && "person", "danger", "in-english"].filter(Boolean);
    this.scroll = h(
      "div",
      { class: "scroll", role: "group", tabindex: "0", label: "messages" },
      h("div", { class: "hello" }, ...hello.map((key) => h("p", { class: key, tell: key }))),
      this.items,
      this.working,
    );
    const more = { class: "button plain more", type: "button", tabindex: "-1", "aria-hidden": "true" };
    this.more = h("button", { ...more, click: () => this.page() }, icon("down"));
    this.scroll.addEventListener("scroll", () => this.hint(), { passive: true });
    for (const kind of ["wheel", "touchmove", "keydown"]) {
      this.scroll.addEventListener(kind, () => this.hold(), { passive: true });
    }
  }

  /** The visitor reads elsewhere: do not scroll by ourselves. */
  hold() {
    this.held = true;
  }

  release() {
    this.held = false;
  }

  page() {
    this.hold();
    this.scroll.scrollTop += this.scroll.clientHeight * 0.8;
  }

  clear() {
    this.items.replaceChildren();
  }

  /** After a reload the whole chat comes again, after a change of language its words: nobody should hear them again. */
  hush() {
    this.items.setAttribute("aria-live", "off");
    clearTimeout(this.hushed);
    this.hushed = setTimeout(() => this.aloud(), 1500);
  }

  aloud() {
    clearTimeout(this.hushed);
    this.items.setAttribute("aria-live", "polite");
  }

  words(...content) {
    return h("p", { class: "text", dir: "auto" }, ...content);
  }

  /** What the visitor said, at a time in milliseconds. */
  bubble(text, at) {
    const node = h("div", { class: "message user" }, h("span", { class: "unseen", say: "you" }), " ", this.words(text));
    node.said = { text, at };
    return node;
  }

  blank(role) {
    return h("div", { class: `message ${role}` });
  }

  /**
   * Draws a message into an element, and leaves what is already drawn alone: nothing is announced twice, and the call
   * button of an early alarm neither moves nor loses the focus when the words arrive (they go below it).
   */
  compose(node, { role = "bot", text = null, card = null, buttons = [], language = "en", reply_to: to, seq = to, at }) {
    const old = node.drawn || {};
    const same = JSON.stringify(old.card) === JSON.stringify(card);
    const cardNode = same ? old.cardNode : draw(card, to || seq);
    const who =
      old.who || h("p", { class: role === "staff" ? "who" : "unseen", say: role === "staff" ? "staff" : "bot" });
    const plain = besides(text, card);
    const words = old.plain === plain ? old.words : plain && this.words(...linked(plain, phone()));
    const copy = old.copy || (text && copyButton(() => answer(node)));
    // Only what came in the stream, with its time, has a number by which the server knows it.
    const wish = text && at && this.textMe;
    const texts = wish && (old.texts || button("bare copy", () => wish(node), { icon: "chat", say: "text-me" }));
    const choices = listed(buttons).length > 0 && this.choices(buttons);
    const order = card?.kind === "helpline" ? [words, cardNode] : [cardNode, words];
    const wanted = [who, ...order, text && copy, texts, choices].filter(Boolean);
    for (const child of [...node.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((child, at) => {
      if (node.children[at] !== child) node.insertBefore(child, node.children[at] || null);
    });
    for (const part of [cardNode, words, choices]) if (part) part.lang = language;
    node.to = to ?? node; // what is no answer to a message is an answer of its own
    for (const own of node.querySelectorAll("[data-say]")) own.lang = spoken(); // our words in a card of another language
    node.drawn = { text, card, plain, words: words || null, cardNode, who, copy, texts };
    return node;
  }

  choices(buttons) {
    const group = h("div", { class: "choices", role: "group", label: "replies" });
    for (const { title, choice } of buttons) {
      const click = () => {
        const held = this.press(title, choice);
        (touch() ? this.scroll : held).focus({ preventScroll: true });
      };
      group.append(h("button", { class: "button", type: "button", click }, title));
    }
    return group;
  }

  /** Of the parts of one answer only the last is followed by the buttons that copy and text it. */
  joinCopies(node) {
    const before = node.previousElementSibling;
    if (before?.to === node.to) for (const each of before.querySelectorAll(".copy")) each.remove();
  }

  dropChoices(before) {
    for (const group of this.items.querySelectorAll(".choices")) if (group.parentNode.key < before) group.remove();
  }

  /** Puts an element where its number belongs; what has no number yet waits at the end. Moves nothing needlessly. */
  place(node, key) {
    node.key = key;
    const next = this.firstAfter(node, key);
    if (node.parentNode !== this.items || node.nextSibling !== next) this.items.insertBefore(node, next);
    this.reveal();
    return node;
  }

  /** From the end, where nearly everything belongs. */
  firstAfter(node, key) {
    let found = null;
    for (let each = this.items.lastElementChild; each; each = each.previousElementSibling) {
      if (each === node) continue;
      if (each.key <= key) break;
      found = each;
    }
    return found;
  }

  last() {
    const keys = [...this.items.children].map((node) => node.key).filter(Number.isFinite);
    return Math.max(0, ...keys) + 0.01;
  }

  /** The newest answer that can be sent by text. */
  textable() {
    return [...this.items.children].filter((node) => node.drawn?.texts).pop();
  }

  mine() {
    return this.items.querySelectorAll(".user");
  }

  indicate(busy) {
    this.working.hidden = !busy;
    this.reveal();
  }

  /** Follows the talk, but never past the visitor's own last message: an answer is read from its beginning. */
  reveal() {
    if (this.pending) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = null;
      const mine = [...this.mine()].pop();
      const bottom = this.scroll.scrollHeight - this.scroll.clientHeight;
      if (!this.held) this.scroll.scrollTop = mine ? Math.min(bottom, mine.offsetTop - 8) : 0;
      this.hint();
    });
  }

  hint() {
    this.more.hidden = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 56;
  }
}
