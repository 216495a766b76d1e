/** The open chat: who can be called, the talk, where to write, and what else a visitor may do. */

import STYLE from "style";
import { AlarmBar } from "./alarm.js";
import { ring } from "./chime.js";
import { Composer } from "./composer.js";
import { Delivery, uuid } from "./delivery.js";
import { button, h, touch } from "./dom.js";
import { Foot } from "./foot.js";
import { showHelper } from "./helper.js";
import { leave, listenForShift } from "./leaving.js";
import { dialled, digits, linked } from "./linked.js";
import { Log } from "./log.js";
import { remember } from "./memory.js";
import { callLink, textLink } from "./reach.js";
import { Talk } from "./talk.js";
import { learn, say, speakFor, spoken, translate } from "./words.js";

const PHONE = "(max-width: 40rem)";
const ZOOMED = 1.05; // visualViewport.scale from which the visitor has zoomed in

const panels = new Set();

/** Called by the launcher with its element and the address that the chat lives at. */
export function open(host, base) {
  for (const panel of panels) if (!panel.host.isConnected) panel.goAway();
  host.panel ||= new Panel(host, base);
  panels.add(host.panel);
  host.panel.open();
}

/** A style with the browser's own text size for a rem: many pages make their root's smaller, to count in tens. */
function sized(style, launcher) {
  const size = Number.parseFloat(getComputedStyle(launcher).fontSize);
  return style.replace(/([\d.]+)rem/g, (_, times) => `${times * size}px`);
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
    this.composer = new Composer((text) => this.talk.submit(text));
    const press = (title, choice) => {
      this.talk.submit(title, choice);
      return this.composer.input;
    };
    this.log = new Log(press, this.site.sms && ((node) => this.textMe(node)));
    this.talk = new Talk(this, this.log);
    this.delivery = new Delivery(base, this.talk);
    this.talk.delivery = this.delivery;
    this.alarmBar = new AlarmBar(this.log.scroll, () => this.composer.focus());
    this.foot = new Foot({
      clear: () => this.clear(),
      fit: () => this.log.reveal(),
      speak: (language) => this.speak(language),
      canText: () => this.log.textable(),
      textMe: () => this.textMe(this.log.textable()),
      showHelper: () => showHelper(host.shadowRoot, [...this.log.items.children]),
    });
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
    this.dress(STYLE);
    // Outside the log, so that a state is announced without being one of the messages.
    this.status = h("p", { class: "unseen", role: "status" });
    const stage = h("div", { class: "stage" }, this.alarmBar.node, this.log.scroll, this.log.more, this.status);
    this.node = h(
      "dialog",
      { class: "panel", lang: spoken(), "aria-labelledby": "title", close: () => this.closed() },
      this.buildHead(),
      stage,
      this.foot.sheet,
      this.composer.node,
      this.foot.node,
    );
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.node.close();
    });
    this.node.addEventListener("copied", (event) => this.announce(event.detail, "notice"));
    this.host.shadowRoot.append(this.node);
  }

  dress(style) {
    const root = this.host.shadowRoot;
    const css = sized(style, this.host.dock.lastChild);
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      root.adoptedStyleSheets = [sheet, ...root.adoptedStyleSheets]; // the launcher's looks win over these
    } catch {
      root.append(h("style", null, css)); // Safari before 16.4
    }
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

  // ---- what a visitor may do

  open() {
    if (this.node.open) return;
    this.host.dock.hidden = true;
    if (matchMedia(PHONE).matches) this.node.showModal();
    else this.node.show();
    remember("open", true);
    if (this.delivery.token) this.delivery.listen();
    this.fit();
    this.composer.focus();
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

  speak(language) {
    this.log.hush();
    this.announce("");
    translate(this.node, language);
    this.node.lang = language;
  }

  leave() {
    leave(this.site.leave, () => {
      this.delivery.end();
      for (const key of ["open", "timers", "calm", "sound", "language", "texts"]) remember(key, null);
    });
  }

  async clear() {
    const cleared = this.delivery.clear();
    this.log.clear();
    this.alarmBar.clear();
    this.composer.clear();
    this.composer.focus();
    this.host.dispatchEvent(new Event("cleared", { bubbles: true })); // for a page that shows more of the talk
    this.announce((await cleared) ? "cleared" : "cleared-here", "notice");
  }

  /** Has an answer sent by text; what that takes is fetched only now. */
  async textMe({ key }) {
    this.tries ||= 0;
    try {
      const { open } = await import(`${this.delivery.base}texting.js?${this.tries}`);
      open(this.kit(), key);
    } catch (error) {
      console.error(error);
      this.tries++;
      this.announce("text-unopened", "notice");
    }
  }

  kit() {
    return {
      ...{ button, h, learn, say, spoken, uuid, root: this.host.shadowRoot },
      linked: (text) => linked(text, this.site.phone),
      dress: (style) => this.dress(style),
      ask: (path, body, patience) => this.delivery.tell(path, body, patience),
    };
  }

  // ---- what the talk tells

  /** Says a sentence to those who listen; with the look "notice" to all. */
  announce(key, look = "unseen") {
    this.status.className = look;
    this.status.textContent = key ? say(key) : "";
  }

  arrived({ card }) {
    if (touch() && card && !this.composer.input.value) this.composer.input.blur(); // the keyboard would cover the card
    if (this.log.items.getAttribute("aria-live") === "polite") ring();
  }
}
