/**
 * Brings messages there and back: each by one id until it was taken, in order, and an event stream that always comes
 * back to where it was. What it learns it tells the talk (talk.js).
 */
import { createParser } from "eventsource-parser";
import { isAlarm } from "./cards.js";
import { recall, remember } from "./memory.js";
import { wanted } from "./words.js";

const PATIENCE = { triage: 1000, session: 4000, post: 10000, silence: 40000, clear: 10000 }; // ms
const QUIET = { credentials: "omit", cache: "no-store" };
const ASLEEP = 20000; // ms without a sound, after which a page that is seen again asks anew; a ping comes every 15 s
const backOff = (failures) => Math.min(15000, 500 * 2 ** failures) * (0.75 + Math.random() / 2);

/** A UUID; crypto.randomUUID exists on https pages only. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Delivery {
  constructor(base, talk) {
    this.base = base;
    this.talk = talk;
    this.token = recall("token");
    this.outbox = recall("outbox") || [];
    this.lastId = "";
    this.naps = new Set();
    this.cut = new AbortController();
    this.heardAt = 0;
  }

  keep() {
    remember("token", this.token);
    if (!this.token) remember("told", null);
    const waiting = this.outbox.map(({ id, text, choice, of, at }) => ({ id, text, choice, of, at }));
    remember("outbox", waiting.length ? waiting : null);
  }

  async ask(path, init, patience) {
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), patience);
    try {
      const response = await fetch(this.base + path, { ...QUIET, ...init, signal: cut.signal });
      const body = (await response.json().catch(() => null)) || {}; // a hotel's log-in page answers 200 with HTML
      return { status: response.status, body, after: 1000 * Number(response.headers.get("Retry-After")) || 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  /** A new session, or a quiet failure: the message is then posted without a token, so that triage still answers. */
  async begin() {
    try {
      const { body } = await this.ask("chat/session", { method: "POST" }, PATIENCE.session);
      this.trouble = body.token ? null : body;
      this.token = body.token || null;
    } catch {
      // No network.
    }
    this.keep();
    if (!this.token) return;
    this.wake();
    this.listen();
  }

  drop() {
    this.token = null;
    this.lastId = "";
    this.keep();
    this.cut.abort();
    this.talk.newSession();
  }

  /** Posts JSON, for a session where there is a token. */
  tell(path, body, patience, token = this.token) {
    const headers = { "Content-Type": "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    return this.ask(path, { method: "POST", headers, body: JSON.stringify(body) }, patience);
  }

  post(item, token) {
    // A button belongs to its session; in a later one the same answer goes as words.
    const said = item.choice && item.of === token ? { choice: item.choice } : { text: item.text };
    return this.tell("chat/messages", { id: item.id, ...said, language: wanted() }, PATIENCE.post, token);
  }

  send(item) {
    this.outbox.push(item);
    this.keep();
    if (this.stuck) this.triage(item);
    this.wake();
    this.pump();
  }

  /** An emergency card must not wait for a queue or a session: a post without a token stores nothing, and gets it. */
  triage(item) {
    this.post(item, null).then(
      ({ body }) => this.talk.alarm(item, body),
      () => {},
    );
  }

  async pump() {
    if (this.pumping) return;
    this.pumping = true;
    for (let failures = 0; this.outbox.length; ) {
      const item = this.outbox[0];
      const wait = await this.deliver(item).catch(() => 1);
      if (this.outbox[0] !== item) continue; // the chat was cleared meanwhile
      this.stuck = wait > 0;
      if (this.stuck) {
        this.talk.waiting(this.outbox);
        failures = (await this.nap(Math.max(wait, backOff(failures)))) ? 0 : failures + 1;
      } else {
        failures = 0;
        this.outbox.shift();
        this.keep();
      }
    }
    this.pumping = false;
  }

  /** Resolves to 0 when the message has its final answer, or to the least milliseconds before the next try. */
  async deliver(item, again = false) {
    const slow = this.token ? null : setTimeout(() => this.triage(item), PATIENCE.triage);
    if (!this.token) await this.begin();
    clearTimeout(slow);
    const token = this.token;
    const { status, body, after } = await this.post(item, token);
    if (this.outbox[0] !== item) return 0;
    if (status === 401 && token && !again) {
      this.talk.alarm(item, body);
      if (token === this.token) this.drop();
      return this.deliver(item, true);
    }
    if (status < 300 && Number.isInteger(body.seq)) {
      this.talk.accepted(item, body);
      this.wake(); // the network is back: the stream need not wait any longer
      return 0;
    }
    const later = status < 300 || status >= 500 || [401, 408, 429].includes(status);
    this.talk.refused(item, !token && this.trouble && !isAlarm(body.card) ? this.trouble : body, !later);
    return later ? Math.max(1, after) : 0;
  }

  async listen() {
    if (this.listening) return;
    this.listening = true;
    for (let failures = 0; this.token; ) {
      const before = this.heardAt;
      await this.read().catch(() => {});
      if (this.heardAt !== before) failures = 0;
      if (this.token) failures = (await this.nap(backOff(failures))) ? 0 : failures + 1;
    }
    this.listening = false;
  }

  async read() {
    const cut = new AbortController();
    this.cut = cut;
    const headers = { Authorization: `Bearer ${this.token}`, Accept: "text/event-stream" };
    if (this.lastId) headers["Last-Event-ID"] = this.lastId;
    let dog = setTimeout(() => cut.abort(), PATIENCE.silence);
    try {
      const response = await fetch(`${this.base}chat/events`, { ...QUIET, headers, signal: cut.signal });
      if (response.status === 401 && !cut.signal.aborted) this.drop();
      if (!response.ok) return;
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parser = createParser({ onEvent: (event) => this.take(event) });
      for (let part = await reader.read(); !part.done && !cut.signal.aborted; part = await reader.read()) {
        clearTimeout(dog);
        dog = setTimeout(() => cut.abort(), PATIENCE.silence);
        this.heardAt = Date.now();
        parser.feed(decoder.decode(part.value, { stream: true }));
      }
    } finally {
      clearTimeout(dog);
      cut.abort();
    }
  }

  take({ id, data }) {
    this.lastId = id || this.lastId; // also of an event that cannot be shown: it must not come for ever
    const told = Number(this.lastId) <= (recall("told") || 0); // before the page was loaded again
    if (!told) remember("told", Number(this.lastId));
    try {
      this.talk.event(JSON.parse(data), told);
    } catch (error) {
      console.error(error);
    }
  }

  /** Waits; resolves to whether it was woken, which is a reason to be less patient the next time. */
  nap(milliseconds) {
    return new Promise((resolve) => {
      const up = (woken) => {
        clearTimeout(timer);
        this.naps.delete(up);
        resolve(woken);
      };
      const timer = setTimeout(up, milliseconds, false);
      this.naps.add(up);
    });
  }

  wake() {
    for (const up of [...this.naps]) up(true);
  }

  /** Phones leave streams half open when the network changes or the page slept: start a new one. */
  reconnect() {
    this.cut.abort();
    setTimeout(() => this.wake());
  }

  listenToPage() {
    window.addEventListener("online", () => this.reconnect());
    window.addEventListener("pageshow", (event) => event.persisted && this.reconnect());
    window.addEventListener("pagehide", (event) => event.persisted && this.cut.abort());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.token && Date.now() - this.heardAt > ASLEEP) this.reconnect();
    });
  }

  /** Forgets everything here at once; resolves to whether the other side was reached too. */
  async clear() {
    const token = this.token;
    this.outbox = [];
    this.stuck = false;
    this.drop();
    this.wake();
    if (!token) return true;
    const init = { method: "DELETE", headers: { Authorization: `Bearer ${token}` }, keepalive: true };
    for (let tries = 0; tries < 3; tries++) {
      const status = await this.ask("chat/session", init, PATIENCE.clear).then(
        (answer) => answer.status,
        () => 599,
      );
      if (status < 500 && status !== 429) return true;
      await this.nap(backOff(tries));
    }
    return false;
  }

  /** Stops here and forgets nothing of what this tab keeps: a browser has few connections to one server. */
  letGo() {
    this.outbox = [];
    this.token = null;
    this.cut.abort();
    this.wake();
  }

  /** Ends the session while the page goes away: what outlives a page carries the token only in its body. */
  end() {
    const url = `${this.base}chat/session/end`;
    const body = JSON.stringify({ token: this.token });
    if (this.token && "keepalive" in Request.prototype) {
      fetch(url, { ...QUIET, method: "POST", body, keepalive: true }).catch(() => {});
    } else if (this.token) navigator.sendBeacon(url, body);
    this.outbox = [];
    this.token = null;
    this.keep();
  }
}
