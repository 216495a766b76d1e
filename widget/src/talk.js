/** What delivery learns, as a talk on the screen: whose message it is, what answers it, and when a person is needed. */
import { carryTimer, isAlarm } from "./cards.js";
import { uuid } from "./delivery.js";
import { h } from "./dom.js";
import { remember } from "./memory.js";
import { hears } from "./offline.js";
import { offline, phone, put, say, spoken } from "./words.js";

const PATIENCE = { local: 2500, answer: 7500, kick: 4000 }; // ms

export class Talk {
  /** `panel` hears of what happens around the messages: announce, arrived; its alarm bar and composer are used too. */
  constructor(panel, log) {
    this.panel = panel;
    this.log = log;
    this.known = new Map(); // seq -> its element
    this.early = new Map(); // seq of a message -> the alarm shown for it before its stream message
    this.awaiting = new Map(); // seq -> the message sent, until something answers it
    this.turns = new Set(); // accepted and not yet done
    this.seen = { replies: new Set(), alarms: new Set(), done: new Set() }; // by seq of the message they belong to
  }

  // ---- sending

  submit(text, choice = null) {
    const item = { id: uuid(), text, choice, of: choice && this.delivery.token, at: Date.now() };
    this.log.aloud();
    this.log.release();
    this.panel.announce("");
    this.panel.alarmBar.passed();
    this.log.dropChoices(Infinity);
    this.mine(item);
    this.delivery.send(item);
  }

  /** A message of this tab that no server has taken yet. */
  mine(item) {
    item.node = this.log.bubble(item.text, item.at);
    item.state = h("p", { class: "state", "aria-live": "off" });
    item.node.append(item.state);
    item.timers = [
      setTimeout(() => this.listenHere(item), PATIENCE.local),
      setTimeout(() => this.noAnswer(item), PATIENCE.answer),
    ];
    this.mark(item, navigator.onLine && !this.delivery.stuck ? "sending" : "waiting");
    this.log.place(item.node, Infinity);
  }

  mark(item, state) {
    if (state === "sent") for (const old of this.log.items.querySelectorAll(".state[data-sent]")) old.textContent = "";
    if (state === "waiting" && item.state.dataset.say !== "state-waiting") this.panel.announce("state-waiting");
    item.state.toggleAttribute("data-sent", state === "sent");
    item.state.dataset.say = `state-${state}`;
    put(item.state);
  }

  waiting(items) {
    for (const item of items) {
      if (item.seq) continue;
      this.mark(item, "waiting");
      this.listenHere(item);
    }
  }

  /** No server has heard it yet: a few words of an emergency are heard here, so that nobody waits for a network. */
  listenHere(item) {
    const kind = !item.seq && !item.aside && hears(item.text);
    if (!kind) return;
    const said = offline(kind);
    this.show(item, { ...said, text: `${say("offline-alarm")}\n${said.text}`, language: spoken(), reply_to: item.id });
  }

  accepted(item, { seq, card, language }) {
    const before = this.known.get(seq);
    if (before && before !== item.node) this.merge(item, before, seq);
    else this.adopt(item, seq);
    this.mark(item, "sent");
    this.awaiting.set(seq, item);
    if (item.aside && !this.seen.alarms.has(seq)) this.settleAside(item, seq);
    if (isAlarm(card) && !this.seen.alarms.has(seq)) {
      this.show(item, { card, language, reply_to: seq });
      this.early.set(seq, item.aside);
    }
    if (this.seen.replies.has(seq)) this.answered(seq);
    else setTimeout(() => this.awaiting.has(seq) && this.delivery.reconnect(), PATIENCE.kick);
    if (!this.seen.done.has(seq)) this.turns.add(seq);
    this.indicate();
  }

  /** A card shown while the message was on its way stays if it matters, and leaves if it only told of a delay. */
  settleAside(item, seq) {
    if (isAlarm(item.aside.drawn.card)) this.early.set(seq, item.aside);
    else if (item.aside !== this.lonely) {
      item.aside.remove();
      item.aside = null;
    }
    if (item.aside) this.log.place(item.aside, seq + 0.5);
  }

  /** The stream was faster than the POST's answer, and its words not quite the same: its bubble stays. */
  merge(item, bubble, seq) {
    item.node.remove();
    item.node = bubble;
    item.seq = seq;
    bubble.append(item.state);
  }

  adopt(item, seq) {
    // The stream may have shown the same words of an earlier message as this one: give those their own bubble back.
    const mistaken = item.seq && item.seq !== seq ? item.seq : null;
    item.seq = seq;
    carryTimer(item.id, seq);
    this.known.set(seq, item.node);
    this.log.place(item.node, seq);
    if (mistaken) this.known.set(mistaken, this.log.place(this.log.bubble(item.text, item.at), mistaken));
  }

  refused(item, body, final) {
    if (final) {
      this.mark(item, "failed");
      this.log.place(item.node, this.log.last());
      if (!item.choice) this.panel.composer.giveBack(item.text);
    }
    if (body.text || body.card) this.show(item, body);
    else if (final) this.noAnswer(item);
  }

  alarm(item, body) {
    if (isAlarm(body.card) && !this.seen.alarms.has(item.seq)) this.show(item, body);
  }

  noAnswer(item) {
    if (item.aside || !item.node.isConnected) return; // answered otherwise, or cleared
    if (this.lonely) this.forgetLonely();
    const text = ["no-answer", phone() && "no-answer-call", "no-answer-danger"].filter(Boolean).map(say).join("\n");
    this.show(item, { text, card: { kind: "helpline", phone: phone() }, language: spoken() });
    this.lonely = item.aside;
    this.lonely.item = item;
    this.turns.delete(item.seq);
    this.indicate();
  }

  /** Shows what was said about one message outside the stream: one place for each message, an alarm is never lost. */
  show(item, said) {
    item.timers.forEach(clearTimeout);
    if (item.aside && isAlarm(item.aside.drawn.card) && !isAlarm(said.card)) return;
    if (item.aside && item.aside === this.lonely) this.lonely = null;
    const settled = item.node.key !== Infinity;
    const wherever = settled ? item.node.key + 0.5 : Infinity;
    const move = settled || !item.aside;
    item.aside = this.log.compose(item.aside || this.log.blank("bot"), said);
    if (move) this.log.place(item.aside, wherever);
    if (isAlarm(said.card)) this.panel.alarmBar.raise(said.card, item.aside);
    this.log.reveal();
  }

  // ---- hearing

  newSession() {
    remember("timers", null);
    for (const node of this.log.items.children) if (node.key !== Infinity) node.key = -Infinity;
    this.log.dropChoices(Infinity);
    for (const part of [this.known, this.early, this.turns, this.awaiting, ...Object.values(this.seen)]) part.clear();
    this.indicate();
  }

  event(event, told) {
    if (told) this.log.hush();
    else this.log.aloud();
    if (event.kind === "turn_done") {
      this.seen.done.add(event.reply_to);
      this.turns.delete(event.reply_to);
      this.indicate();
    } else if (Number.isInteger(event.seq) && !this.known.has(event.seq)) {
      if (event.role === "user") this.heard(event);
      else this.said(event);
      this.log.reveal();
    }
  }

  heard({ seq, id, text, at }) {
    const [head] = this.delivery.outbox;
    const same = head && !head.seq && head.text === text ? head : null;
    const item = this.delivery.outbox.find((own) => id && own.id === id) || same;
    if (item) {
      this.adopt(item, seq);
      this.mark(item, "sent");
      this.awaiting.set(seq, item);
      if (item.aside) this.settleAside(item, seq);
    } else {
      this.known.set(seq, this.log.place(this.log.bubble(text || "", at), seq));
      this.panel.alarmBar.passed();
    }
    this.log.dropChoices(seq);
  }

  said(message) {
    const alarm = isAlarm(message.card);
    const early = alarm ? this.early.get(message.reply_to) : null;
    const node = this.log.compose(early || this.log.blank(message.role), message);
    if (alarm) {
      this.early.delete(message.reply_to);
      this.seen.alarms.add(message.reply_to);
      this.panel.alarmBar.raise(message.card, node, message.seq);
    }
    this.known.set(message.seq, this.log.place(node, message.seq));
    this.log.joinCopies(node);
    if ([...this.log.mine()].some((mine) => mine.key > message.seq)) node.querySelector(".choices")?.remove();
    this.seen.replies.add(message.reply_to);
    this.answered(message.reply_to);
    this.panel.arrived(message);
  }

  answered(seq) {
    const item = this.awaiting.get(seq);
    item?.timers.forEach(clearTimeout);
    this.awaiting.delete(seq);
    if (item?.aside && item.aside === this.lonely && !this.lonely.matches(":focus-within")) this.forgetLonely();
  }

  /** "No answer came through" is said once, and not beside the answer. */
  forgetLonely() {
    this.lonely.item.aside = null;
    this.lonely.remove();
    this.lonely = null;
  }

  indicate() {
    this.log.indicate(this.turns.size > 0);
  }
}
