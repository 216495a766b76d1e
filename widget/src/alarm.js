/** The bar of an emergency: its numbers stay on the screen while its card is out of sight. */
import { lookOf, numbersOf } from "./cards.js";
import { button, h } from "./dom.js";
import { recall, remember } from "./memory.js";
import { ways } from "./reach.js";
import { put } from "./words.js";

const STAYS = 4; // messages of the visitor without another alarm
const SHOWN = 2; // numbers
const WHOLE = 0.9; // a button of which less is seen cannot be read

export class AlarmBar {
  /** `scroll` is what the cards scroll in; `focus` takes the focus when the bar goes away. */
  constructor(scroll, focus) {
    this.node = h("div", { class: "alarm-bar", role: "group", hidden: true });
    this.focus = focus;
    this.watch = new IntersectionObserver((seen) => this.show(seen.at(-1).intersectionRatio < WHOLE), {
      root: scroll,
      threshold: WHOLE,
    });
    this.since = 0;
    this.last = 0;
  }

  /**
   * Keeps the numbers of an alarm, whose message is `message`, in sight. One that the visitor hid stays hidden after a
   * reload; `seq` names it, and is null before the stream brings it.
   */
  raise(card, message, seq = null) {
    this.since = 0;
    if (seq !== null && seq <= recall("calm")) return;
    this.last = seq ?? this.last;
    const links = numbersOf(card)
      .slice(0, SHOWN)
      .flatMap((number) => ways(number, `${lookOf(card)} pinned`));
    const hide = button("bare", () => this.hide(), { icon: "close", label: "alarm-hide" });
    this.node.replaceChildren(...links, hide);
    this.node.className = `alarm-bar ${card.kind}`;
    this.node.dataset.label = `alarm-${card.kind}`;
    put(this.node);
    this.watch.disconnect();
    this.watch.observe(message.querySelector(".big"));
  }

  show(out) {
    const focused = this.node.matches(":focus-within");
    this.node.hidden = !out;
    if (focused && !out) this.focus();
  }

  /** The visitor went on writing. */
  passed() {
    this.since++;
    if (this.since > STAYS) this.drop();
  }

  drop() {
    this.watch.disconnect();
    this.node.hidden = true;
  }

  hide() {
    remember("calm", this.last || null);
    this.drop();
    this.focus();
  }

  clear() {
    remember("calm", null);
    this.last = 0;
    this.drop();
  }
}
