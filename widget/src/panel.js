/** The open chat: who can be called, the talk, where to write, and what else a visitor may do. */

import STYLE from "style";
import { AlarmBar } from "./alarm.js";
import { isOn, ring, turn } from "./chime.js";
import { Delivery } from "./delivery.js";
import { button, h } from "./dom.js";
import { showHelper } from "./helper.js";
import { leave, listenForShift } from "./leaving.js";
import { dialled, digits } from "./linked.js";
import { Log } from "./log.js";
import { remember } from "./memory.js";
import { callLink, textLink } from "./reach.js";
import { Talk } from "./talk.js";
import { say, speakFor, spoken, translate } from "./words.js";

const PHONE = "(max-width: 40rem)";
const ZOOMED = 1.05; // visualViewport.scale from which the visitor has zoomed in

const otherThan = (language) => (language === "en" ? "es" : "en");

const panels = new Set();

/** Called by the launcher with its element and the address that the chat lives at. */
export function open(host, base) {
  for (const panel of panels) if (!panel.host.isConnected) panel.goAway();
  host.panel ||= new Panel(host, base);
  panels.add(host.panel);
  host.panel.open();
}

/** The style with the browser's own text size for a rem: many pages make their root's smaller, to count in tens. */
function styleFor(launcher) {
  const size = Number.parseFloat(getComputedStyle(launcher).fontSize);
  return STYLE.replace(/([\d.]+)rem/g, (_, times) => `${times * size}px`);
}

function siteOf(host) {
  const site = { language: host.dock.lang };
  for (const name of ["name", "phone", "sms", "leave", "hello", "keeps"]) site[name] = host.getAttribute(name);
  return site;
}

class Panel {
  constructor(host, base) {
    this.host = host;
    this.site = siteOf(host);
    speakFor(this.site);
    this.log = new Log((title, choice) => {
      this.talk.submit(title, choice);
      return this.input;
    });
    this.talk = new Talk(this, this.log);
    this.delivery = new Delivery(base, this.talk);
    this.talk.delivery = this.delivery;
    this.alarmBar = new AlarmBar(this.log.scroll, () => this.input.focus());
    this.build();
    for (const item of this.delivery.outbox) this.talk.mine(item);
    this.delivery.listenToPage();
    window.visualViewport?.addEventListener("resize", () => this.fit());
    listenForShift(
      () => this.leave(),
      (key) => this.announce(key),
    );
    if (this.delivery.outbox.length) this.delivery.pump();
  }

  // ---- what it is made of

  build() {
    const root = this.host.shadowRoot;
    const style = styleFor(this.host.dock.lastChild);
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style);
      root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets]; // the launcher's looks win over these
    } catch {
      root.append(h("style", null, style)); // Safari before 16.4
    }
    // Outside the log, so that a state is announced without being one of the messages.
    this.status = h("p", { class: "unseen", role: "status" });
    const stage = h("div", { class: "stage" }, this.alarmBar.node, this.log.scroll, this.log.more, this.status);
    this.node = h(
      "dialog",
      { class: "panel", lang: spoken(), "aria-labelledby": "title", close: () => this.closed() },
      this.buildHead(),
      stage,
      this.buildMore(),
      this.buildForm(),
      this.buildFoot(),
    );
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.node.close();
    });
    this.node.addEventListener("copied", (event) => this.announce(event.detail, "notice"));
    root.append(this.node);
  }

  buildHead() {
    const { name, phone, sms } = this.site;
    const reach = sms
      ? h("a", { class: "button plain", href: `sms:${dialled(sms)}`, say: "text-us" })
      : textLink("988", "plain");
    const title = name ? h("h2", { id: "title" }, name) : h("h2", { id: "title", say: "helpline" });
    return h(
      "div",
      { class: "head" },
      h(
        "div",
        { class: "row top" },
        h("div", { class: "title" }, title, h("p", { class: "soft", say: "program" })),
        button("plain", () => this.leave(), { say: "leave", "aria-describedby": "leave-note" }),
        button("bare", () => this.node.close(), { icon: "close", label: "close" }),
      ),
      h("div", { class: "row reach" }, digits(phone) && callLink(phone, ""), reach),
    );
  }

  buildMore() {
    this.sound = button("plain", () => this.toggleSound(), { say: isOn() ? "sound-off" : "sound-on" });
    this.moreNode = h(
      "div",
      { class: "sheet", id: "more", hidden: true },
      button("plain", () => showHelper(this.host.shadowRoot, [...this.log.items.children]), { say: "helper" }),
      this.sound,
      h("h3", { say: "keeps-title" }),
      h("p", { say: "keeps" }),
      h("p", { id: "leave-note", say: "leave-note" }),
    );
    return this.moreNode;
  }

  buildForm() {
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
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.send();
      },
    });
    const submit = (event) => {
      event.preventDefault();
      this.send();
    };
    const go = button("", () => {}, { icon: "send", label: "send", type: "submit" });
    return h("form", { submit }, this.input, go);
  }

  buildFoot() {
    const clear = button("bare", () => this.askToClear(true), { say: "clear" });
    const more = { say: "more", "aria-expanded": "false", "aria-controls": "more" };
    this.moreButton = button("bare", () => this.toggleMore(), more);
    this.language = button("bare", () => this.translate(), { say: "language", lang: otherThan(spoken()) });
    this.foot = h("div", { class: "foot" }, clear, this.language, this.moreButton);
    this.question = h(
      "div",
      { class: "foot", role: "group", label: "clear-ask", hidden: true },
      h("span", { say: "clear-ask" }),
      button("bare", () => this.clear(), { say: "clear-yes" }),
      button("bare", () => this.askToClear(false), { say: "clear-no" }),
    );
    return h("div", null, this.foot, this.question);
  }

  // ---- what a visitor may do

  open() {
    if (this.node.open) return;
    this.host.dock.hidden = true;
    if (matchMedia(PHONE).matches) this.node.showModal();
    else this.node.show();
    remember("open", true);
    if (this.delivery.token) this.delivery.listen();
    this.fit();
    this.input.focus({ preventScroll: true });
  }

  /** The page took this element away and draws another, which goes on with the talk. */
  goAway() {
    this.delivery.letGo();
    this.node.remove();
    this.host.dock.hidden = false;
    this.host.panel = null;
    panels.delete(this);
  }

  closed() {
    this.host.dock.hidden = false;
    remember("open", null);
    this.host.dock.lastChild.focus();
  }

  /** The keyboard of a phone covers the page without shrinking it: keep the panel inside what can be seen. */
  fit() {
    const view = window.visualViewport;
    if (view && view.scale < ZOOMED) {
      this.node.style.setProperty("--height", `${view.height}px`);
      this.node.style.setProperty("--top", `${view.offsetTop}px`);
    }
    this.log.reveal();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  send() {
    const text = this.input.value.replace(/\0/g, "").trim();
    if (!text) return;
    this.input.value = "";
    this.grow();
    this.talk.submit(text);
  }

  translate() {
    this.log.hush();
    this.announce("");
    translate(this.node, otherThan(spoken()));
    this.node.lang = spoken();
    this.language.lang = otherThan(spoken());
  }

  toggleMore() {
    this.moreNode.hidden = !this.moreNode.hidden;
    this.moreButton.setAttribute("aria-expanded", String(!this.moreNode.hidden));
    this.log.reveal();
  }

  toggleSound() {
    turn(!isOn());
    this.sound.firstChild.dataset.say = isOn() ? "sound-off" : "sound-on";
    this.sound.firstChild.textContent = say(this.sound.firstChild.dataset.say);
  }

  leave() {
    leave(this.site.leave, () => {
      this.delivery.end();
      for (const key of ["open", "timers", "calm", "sound", "language"]) remember(key, null);
    });
  }

  askToClear(asked) {
    this.foot.hidden = asked;
    this.question.hidden = !asked;
    (asked ? this.question : this.foot).querySelector("button").focus();
  }

  async clear() {
    this.askToClear(false);
    const cleared = this.delivery.clear();
    this.log.clear();
    this.alarmBar.clear();
    this.input.value = "";
    this.input.focus();
    this.announce((await cleared) ? "cleared" : "cleared-here", "notice");
  }

  // ---- what the talk tells

  /** Says a sentence to those who listen; with the look "notice" to all. */
  announce(key, look = "unseen") {
    this.status.className = look;
    this.status.textContent = key ? say(key) : "";
  }

  raise(card, message, seq) {
    this.alarmBar.raise(card, message, seq);
  }

  went() {
    this.alarmBar.passed();
  }

  arrived({ card }) {
    const touch = matchMedia("(pointer: coarse)").matches;
    if (touch && card && !this.input.value) this.input.blur(); // the keyboard would cover the card
    if (this.log.items.getAttribute("aria-live") === "polite") ring();
  }

  /** What could not be sent is there to be written anew. */
  giveBack(text) {
    if (!this.input.value) this.input.value = text;
    this.grow();
  }
}
