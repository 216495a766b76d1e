/** The bar of an emergency: its numbers stay on the screen while the talk goes on. */
import { lookOf, numbersOf } from "./cards.js";
import { button, h } from "./dom.js";
import { recall, remember } from "./memory.js";
import { ways } from "./reach.js";
import { put } from "./words.js";

const STAYS = 4; // messages of the visitor without another alarm

export class AlarmBar {
  constructor() {
    this.node = h("div", { class: "alarm-bar row", role: "group", label: "alarm-emergency", hidden: true });
    this.since = 0;
  }

  /** Shows an alarm's numbers. One that the visitor hid stays hidden after a reload; `seq` names it. */
  raise(card, seq = null) {
    this.since = 0;
    if (seq !== null && seq <= (recall("calm") ?? -1)) return;
    this.seq = seq ?? this.seq ?? 0;
    const numbers = numbersOf(card).slice(0, 2);
    const links = numbers.flatMap((number) => ways(number, `${lookOf(card)} pinned`));
    const hide = button("bare", () => this.hide(), { icon: "close", label: "alarm-hide" });
    this.node.replaceChildren(...links, hide);
    this.node.dataset.label = `alarm-${card.kind}`;
    put(this.node);
    this.node.className = `alarm-bar row ${card.kind}`;
    this.node.hidden = false;
  }

  /** The visitor went on writing. */
  passed() {
    this.since++;
    if (this.since > STAYS) this.node.hidden = true;
  }

  hide() {
    remember("calm", this.seq);
    this.node.hidden = true;
    this.onhide?.();
  }

  clear() {
    remember("calm", null);
    this.seq = 0;
    this.node.hidden = true;
  }
}
