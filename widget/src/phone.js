/** One telephone that nobody has, as this tab remembers it: its number, what was sent from it and what reached it. */
import { recall, remember } from "./memory.js";

const PATIENCE = 10000; // ms
const KEY = "try";

export class Phone {
  constructor() {
    this.kept = recall(KEY) || {};
    this.mine = this.kept.mine || [];
    this.got = [];
  }

  get number() {
    return this.kept.number || "";
  }

  keep() {
    remember(KEY, { ...this.kept, mine: this.mine });
  }

  /** Throws the phone away; the next look takes another. */
  forget() {
    this.kept = {};
    this.mine = [];
    this.got = [];
    remember(KEY, null);
  }

  async ask(path, init = {}) {
    const headers = { "Content-Type": "application/json" };
    if (this.kept.phone) headers.Authorization = `Bearer ${this.kept.phone}`;
    const cut = AbortSignal.timeout?.(PATIENCE);
    const response = await fetch(path, { credentials: "omit", headers, signal: cut, ...init });
    if (response.status === 401) this.forget();
    if (!response.ok) throw new Error(`answered ${response.status}`);
    return response.json();
  }

  async have() {
    if (this.kept.phone) return;
    this.kept = await this.ask("/sms/try/phone", { method: "POST" });
    this.keep();
  }

  async look() {
    await this.have();
    const { phone } = this.kept;
    const { texts } = await this.ask("/sms/try/messages");
    if (phone === this.kept.phone) this.got = texts;
  }

  /** Sends a text; what cannot be stored in time is answered at once. */
  async send(text) {
    await this.have();
    const sent = { id: `mine-${this.mine.length}`, text, after: this.got.at(-1)?.id || 0 };
    const { texts } = await this.ask("/sms/try/messages", { method: "POST", body: JSON.stringify({ text }) });
    this.mine.push(sent, ...texts.map((each, at) => ({ ...each, id: `${sent.id}-${at}`, after: sent.after })));
    this.keep();
  }

  /** Everything in order: what was sent stands behind what had come until then. */
  texts() {
    const late = this.mine.filter(({ after }) => !this.got.some(({ id }) => id === after));
    const following = (id) => this.mine.filter(({ after }) => after === id);
    return [...late, ...this.got.flatMap((text) => [text, ...following(text.id)])];
  }
}
