/**
 * <helpline-chat name="..." phone="..." leave="https://...">: a helpline's chat panel, in a shadow root.
 *
 * What arrives is only ever shown as text. Nothing is kept but this tab's sessionStorage. Needs no library, no cookie,
 * no third party, and runs under a Content-Security-Policy of 'self' with Trusted Types: no markup is ever parsed.
 * Parts, in order: words, looks, small tools, the line (delivery), the cards, the element (what is on the screen).
 */
(() => {
  "use strict";
  if (customElements.get("helpline-chat")) return;
  if (!window.HTMLDialogElement || !Object.hasOwn) return; // before 2022: the call link inside the element stays
  const SCRIPT = document.currentScript;
  const BASE = new URL(".", (SCRIPT && SCRIPT.src) || location.href).href;

  // ---- words: every sentence that the widget itself can show -------------------------------------------------------
  const STRINGS = {
    helpline: "Helpline",
    dock: "Get help",
    open: "Chat with us",
    call: "Call",
    callNumber: "Call {phone}",
    textNumber: "Text {phone}",
    close: "Close chat",
    leave: "Leave this site",
    clear: "Clear this chat",
    program: "A computer program answers here.",
    hello: "Hi. I'm glad you're here. Ask me about mixing drugs, medicine or alcohol. Spelling does not matter.",
    person: "I'm a computer program. To talk to a person, call {phone}.",
    danger: "Is someone in danger? Call 911 now.",
    messages: "Messages",
    input: "Your message",
    hint: "Type your question",
    send: "Send",
    you: "You said:",
    bot: "Answer:",
    staff: "From our staff:",
    working: "Looking that up",
    replies: "Quick answers",
    cleared: "This chat is cleared.",
    clearedHere: "This chat is cleared on this screen. We could not reach our computer to clear it there too.",
    state: { sending: "Sending…", sent: "Sent", waiting: "Waiting to send", failed: "Not sent" },
    noAnswer: "No answer came through.\nPlease call {phone}. If someone is in danger, call 911 now.",
    noAnswerNoPhone: "No answer came through.\nIf someone is in danger, call 911 now.",
    alarm: { emergency: "Get help now", crisis: "You are not alone" },
    steps: "What to do now",
    timer: "Time until the next step:",
    timeUp: "The time is over. Look now: are they awake?",
    emergencyCall: "In danger? Call 911",
    severity: {
      dangerous: "Dangerous",
      serious: "Serious",
      caution: "Caution",
      check: "Check first",
      reversal: "Rescue medicine",
      unknown: "Not known",
    },
    mix: "About this mix",
    and: "with",
    signs: "Watch for",
    sources: "Where this comes from",
    reviewed: "Last reviewed: {date}",
  };

  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

  // ---- looks -------------------------------------------------------------------------------------------------------
  const STYLE = `
:host { --paper: #fff; --back: #f7f4ef; --ink: #1d2630; --soft: #54606c; --line: #ddd7cd; --edge: #7b8690;
  --accent: var(--helpline-accent, #17545c); --on-accent: var(--helpline-on-accent, #fff); --mine: #d9eae9;
  --mine-ink: #10363b; --alarm: #b3261e; --alarm-back: #fdf0ee; --shade: 0 .5rem 2rem rgb(20 30 40 / .22);
  color-scheme: light dark; font: 400 1rem/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  color: var(--ink); text-align: start; -webkit-text-size-adjust: 100%; }
@media (prefers-color-scheme: dark) { :host { --paper: #1b242d; --back: #10161c; --ink: #eaeef1; --soft: #aeb9c3;
  --line: #313d48; --edge: #75828f; --accent: var(--helpline-accent-dark, #93d5d8);
  --on-accent: var(--helpline-on-accent-dark, #06272b); --mine: #1e484e; --mine-ink: #ecf7f7; --alarm: #c4332a;
  --alarm-back: #2b1b1c; --shade: 0 .5rem 2.5rem rgb(0 0 0 / .6); } }
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }
h2, h3, p, ol, ul { margin: 0; padding: 0; font: inherit; }
ul { list-style: none; }
a { color: var(--accent); }
button, textarea { font: inherit; color: inherit; margin: 0; }
button { cursor: pointer; }
button, .button { touch-action: manipulation; }
svg { width: 1.25em; height: 1.25em; fill: currentColor; flex: none; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.button { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-height: 2.75rem;
  min-width: 2.75rem; padding: .5rem 1.1rem; border: 1px solid transparent; border-radius: 1.4rem; font-weight: 600;
  line-height: 1.25; text-align: center; text-decoration: none; background: var(--accent); color: var(--on-accent); }
.button.plain { background: var(--paper); color: var(--ink); border-color: var(--edge); }
.button.bare { background: none; border: 0; color: inherit; padding: .5rem; }
.button.alarm { background: var(--alarm); color: #fff; }
.button.big { width: 100%; min-height: 3.5rem; font-size: 1.2rem; border-radius: 1rem; }
.button.wide { width: 100%; border-radius: 1rem; }

.dock { position: fixed; z-index: 2147483000; right: max(1rem, env(safe-area-inset-right));
  bottom: max(1rem, env(safe-area-inset-bottom)); display: flex; flex-wrap: wrap; justify-content: flex-end; gap: .6rem;
  max-width: calc(100vw - 2rem); }
.dock .button { min-height: 3.25rem; border-radius: 1.7rem; padding-inline: 1.2rem; box-shadow: var(--shade); }

dialog { position: fixed; z-index: 2147483001; inset: auto max(1rem, env(safe-area-inset-right)) 1rem auto; margin: 0;
  padding: 0; border: 1px solid var(--line); border-radius: 1.25rem; width: 26rem; max-width: calc(100vw - 2rem);
  height: min(46rem, calc(100vh - 2rem)); max-height: none; overflow: hidden; background: var(--back);
  color: var(--ink); box-shadow: var(--shade); overscroll-behavior: contain; }
dialog[open] { display: flex; flex-direction: column; }
dialog::backdrop { background: none; }
.head { padding: .6rem max(.6rem, env(safe-area-inset-right)) .7rem max(1rem, env(safe-area-inset-left));
  background: var(--paper); border-bottom: 1px solid var(--line); }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; }
.row.top { flex-wrap: nowrap; justify-content: space-between; }
h2 { font-weight: 700; font-size: 1.1rem; line-height: 1.3; overflow-wrap: anywhere; }
.head .call { flex: 1 1 auto; white-space: nowrap; }
.stage { position: relative; flex: 1 1 auto; min-height: 0; display: flex; }
.scroll { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 1rem max(1rem, env(safe-area-inset-right))
  1.25rem max(1rem, env(safe-area-inset-left)); }
.scroll:focus-visible { outline-offset: -3px; }
.hello { padding: .25rem .25rem 1rem; color: var(--soft); }
.hello p + p { margin-top: .5rem; }
.hello p:first-child { color: var(--ink); font-size: 1.15rem; line-height: 1.4; }
.more { position: absolute; bottom: .6rem; inset-inline-end: .75rem; border-radius: 50%; padding: 0;
  box-shadow: var(--shade); }

.notice { position: absolute; inset: auto 1rem .6rem; padding: .65rem .9rem; border-radius: 1.1rem;
  background: var(--paper); border: 1px solid var(--edge); }
.message { margin-bottom: .6rem; }
.who { font-size: .85rem; color: var(--soft); margin-bottom: .15rem; }
.text { max-width: 100%; width: fit-content; padding: .65rem .9rem; border-radius: .35rem 1.1rem 1.1rem 1.1rem;
  background: var(--paper); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
.text a { font-weight: 600; display: inline-block; min-height: 1.5rem; }
.text + .card, .card + .text { margin-top: .6rem; }
.user { display: flex; flex-direction: column; align-items: flex-end; margin-block: 1rem .8rem; }
.user .text { max-width: 88%; background: var(--mine); color: var(--mine-ink); border-color: transparent;
  border-radius: 1.1rem 1.1rem .35rem 1.1rem; }
.state { font-size: .85rem; color: var(--soft); margin: .15rem .3rem 0; min-height: 1.3em; }
.state:empty { display: none; }
.choices { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .7rem; }
.choices .button { background: var(--paper); color: var(--accent); border: 2px solid var(--accent); }

.card { padding: 1rem; border-radius: 1.1rem; background: var(--paper); border: 1px solid var(--line); }
.card > * + * { margin-top: .8rem; }
.card h3 { font-weight: 700; font-size: 1.25rem; line-height: 1.3; }
.card.interaction { border-inline-start: .4rem solid var(--edge); }
.card.interaction.dangerous { border-inline-start-color: var(--alarm); }
.card.interaction.serious { border-inline-start-color: #b85c00; }
.badge { display: inline-flex; align-items: center; gap: .45rem; padding: .25rem .75rem .25rem .6rem; font-weight: 700;
  border-radius: .6rem; border: 2px solid var(--edge); }
.dangerous > .badge { background: var(--alarm); color: #fff; border-color: transparent; }
.serious > .badge { background: #8f4500; color: #fff; border-color: transparent; }
.caution > .badge { background: #ffd166; color: #2b2000; border-color: transparent; }
.check > .badge { background: #d5e3f5; color: #15355c; border-color: transparent; }
.reversal > .badge { background: #1d6b3c; color: #fff; border-color: transparent; }
.unknown > .badge { border-style: dashed; }
.small.badge { font-size: .85rem; padding: .1rem .5rem; border-width: 1px; }
.substances { font-size: 1.1rem; font-weight: 600; line-height: 1.35; overflow-wrap: anywhere; }
.substances .and { font-weight: 400; font-size: .9rem; color: var(--soft); margin-inline-end: .4em; }
.card.emergency { background: var(--alarm-back); border: 2px solid var(--alarm); }
.card.crisis { border: 2px solid var(--accent); }
.steps { padding-inline-start: 1.6rem; font-size: 1.05rem; }
.steps li + li { margin-top: .5rem; }
.steps li::marker { font-weight: 700; }
.timer { margin-top: .75rem; padding: .5rem .75rem; border: 2px solid currentColor; border-radius: .5rem; }
.timer strong { font-size: 1.6rem; font-variant-numeric: tabular-nums; }
.timer.over { font-weight: 700; }
details { border-top: 1px solid var(--line); font-size: .95rem; }
.card details { margin-bottom: -.6rem; }
summary { padding-block: .6rem; min-height: 2.75rem; font-weight: 600; cursor: pointer; color: var(--accent); }
details li { padding-block: .5rem; overflow-wrap: anywhere; white-space: pre-wrap; }
details li p { margin-top: .3rem; }
details .soft { color: var(--soft); }
details .marks { list-style: disc; padding-inline-start: 1.2rem; }
details .marks li { padding-block: .1rem; }

.working { display: flex; align-items: center; gap: .6rem; color: var(--soft); padding: .3rem .25rem; }
.working i { width: .45rem; height: .45rem; border-radius: 50%; background: currentColor;
  animation: breathe 1.6s infinite ease-in-out; }
.working i:nth-child(2) { animation-delay: .2s; }
.working i:nth-child(3) { animation-delay: .4s; margin-inline-end: .3rem; }
.working i + i { margin-inline-start: -.3rem; }
@keyframes breathe { 0%, 100% { opacity: .25; } 40% { opacity: 1; } }
form { display: flex; align-items: flex-end; gap: .5rem; padding: .6rem max(.75rem, env(safe-area-inset-right)) .1rem
  max(.75rem, env(safe-area-inset-left)); background: var(--paper); border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; min-height: 2.75rem; max-height: 8.5rem; padding: .55rem .9rem; resize: none;
  font-size: max(1rem, 16px); line-height: 1.4; border: 1px solid var(--edge); border-radius: 1.3rem;
  background: var(--back); color: var(--ink); }
textarea:focus-visible { outline-offset: -1px; }
textarea::placeholder { color: var(--soft); opacity: 1; }
form .button { padding: .5rem; border-radius: 50%; }
.foot { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; column-gap: 1rem;
  padding: 0 max(1rem, env(safe-area-inset-right)) max(.2rem, env(safe-area-inset-bottom))
  max(1rem, env(safe-area-inset-left)); font-size: .85rem; color: var(--soft); background: var(--paper); }
.foot .button { margin-inline-start: auto; min-height: 2.2rem; padding: .2rem 0; font-weight: 400;
  text-decoration: underline; }

@media (max-width: 40rem) {
  dialog { inset: var(--top, 0) 0 auto 0; width: 100%; max-width: none; height: var(--height, 100vh); border: 0;
    border-radius: 0; }
  .head { padding-top: max(.4rem, env(safe-area-inset-top)); }
}
@media (max-width: 23rem) {
  .head .row { flex-wrap: nowrap; }
  .head { padding-inline: .6rem; }
  .head .row .button { padding-inline: .5rem; gap: .3rem; font-size: .875rem; }
  .foot span { display: none; }
}
@media (max-height: 26rem) {
  .head { display: flex; flex-direction: row-reverse; align-items: center; padding-block: .3rem; gap: .3rem; }
  .head .row { flex-wrap: nowrap; gap: .3rem; }
  .head .row:last-child { flex: 1; }
  h2 { position: absolute; clip-path: inset(50%); white-space: nowrap; width: 1px; overflow: hidden; }
  form { padding-block: .3rem 0; }
  textarea { max-height: 4.5rem; }
  .foot .button { min-height: 1.75rem; }
}
@media (max-width: 23rem) and (max-height: 26rem) { .head .call svg { display: none; } }
@media (prefers-reduced-motion: reduce) { .working i { animation: none; opacity: .7; } }
@media (forced-colors: active) { .button:not(.bare), .text, .badge { border: 1px solid ButtonText; }
  svg { fill: CanvasText; } .button svg { fill: ButtonText; } a.button svg { fill: LinkText; }
  .working i { background: CanvasText; } }
@media print { .dock { display: none; } }`;

  const ICONS = {
    call: "M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2a1 1 0 0 1 1-.25 11.4 11.4 0 0 0 3.6.57 1 1 0 0 1 1 1V20a1 1 0 0 1-1 " +
      "1A17 17 0 0 1 3 4a1 1 0 0 1 1-1h3.5a1 1 0 0 1 1 1c0 1.25.2 2.45.57 3.57a1 1 0 0 1-.25 1z",
    chat: "M4 3h16a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-9l-5 4v-4H4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zm3 5v2h10V8zm0 4v2h7v-2z",
    send: "M3 20V14l8-2-8-2V4l19 8z",
    close: "M6.4 5 5 6.4 10.6 12 5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6z",
    down: "M12 17 4 9l1.4-1.4 6.6 6.6 6.6-6.6L20 9z",
    // One outline for each severity, so that it is told by shape too: octagon, triangle, diamond, circle, cross, ring.
    dangerous: "M8 2h8l6 6v8l-6 6H8l-6-6V8zm3 4v8h2V6zm0 10v2h2v-2z",
    serious: "M12 2 23 21H1zm-1 7v6h2V9zm0 8v2h2v-2z",
    caution: "M12 1l11 11-11 11L1 12zm-1 6v7h2V7zm0 9v2h2v-2z",
    check: "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22zm-1 5h2v2h-2zm0 4h2v8h-2z",
    reversal: "M8 2h8v6h6v8h-6v6H8v-6H2V8h6z",
    unknown: "M12 1a11 11 0 1 0 0 22 11 11 0 0 0 0-22zm0 2a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM7 11h2v2H7zm4 0h2v2h-2zm4 " +
      "0h2v2h-2z",
  };

  // ---- small tools -------------------------------------------------------------------------------------------------
  /** Makes an element; attributes that are functions become listeners, `null` and `false` are left out. */
  function h(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") node.addEventListener(name, value);
      else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  function icon(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("fill-rule", "evenodd");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  const digits = (phone) => String(phone).replace(/\D/g, "");
  const dial = (phone) => `tel:${digits(phone).replace(/^1?(?=\d{10}$)/, "+1")}`;

  /** Text as nodes, in which 911, 988 and the helpline's number can be tapped to call. */
  function linked(text, phone) {
    const own = digits(phone).split("").join("[\\s().-]{0,2}");
    const nodes = [];
    let done = 0;
    for (const match of text.matchAll(new RegExp(own ? `(?:\\+?1[\\s.-]?)?\\(?${own}|\\d+` : "\\d+", "g"))) {
      const number = match[0];
      if (!["911", "988", digits(phone), `1${digits(phone)}`].includes(digits(number))) continue;
      nodes.push(text.slice(done, match.index), h("a", { href: dial(number) }, number));
      done = match.index + number.length;
    }
    return [...nodes, text.slice(done)];
  }

  /** Returns a function: pieces of an event stream in, whole events out; it keeps what is not complete yet. */
  function eventParser() {
    let rest = "", id = "", data = [];
    return (piece) => {
      const events = [];
      const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/); // a last \r may be the first half of \r\n
      rest = lines.pop();
      for (const line of lines) {
        const [, field, value] = /^([^:]*):? ?([^]*)$/.exec(line);
        if (field === "data" && line) data.push(value);
        else if (field === "id" && line) id = value;
        else if (line === "" && data.length) {
          events.push({ id, data: data.join("\n") });
          data = [];
        }
      }
      return events;
    };
  }

  /** This tab's memory; a plain object where the browser forbids sessionStorage, so that the chat still works. */
  const memory = {
    own: {},
    get(key) {
      try { return JSON.parse(sessionStorage.getItem(`helpline-chat.${key}`)); } catch { return this.own[key] ?? null; }
    },
    set(key, value) {
      this.own[key] = value;
      try {
        if (value === null) sessionStorage.removeItem(`helpline-chat.${key}`);
        else sessionStorage.setItem(`helpline-chat.${key}`, JSON.stringify(value));
      } catch { /* memory.own has it */ }
    },
  };

  /** crypto.randomUUID exists on https pages only. */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // ---- the line: brings messages there and back --------------------------------------------------------------------
  const PATIENCE = { triage: 1000, session: 4000, post: 10000, silence: 40000, answer: 7500, kick: 4000 }; // ms
  const QUIET = { credentials: "omit", cache: "no-store" };
  const backOff = (failures) => Math.min(15000, 500 * 2 ** failures) * (0.75 + Math.random() / 2);

  /** Sends in order, each message by one id until it was taken; reads the event stream and always comes back to it. */
  class Line {
    constructor(view) {
      this.view = view;
      this.token = memory.get("token");
      this.outbox = memory.get("outbox") || [];
      this.lastId = "";
      this.naps = new Set();
      this.cut = new AbortController();
      this.heardAt = 0;
    }

    keep() {
      memory.set("token", this.token);
      const waiting = this.outbox.map(({ id, text, choice, of }) => ({ id, text, choice, of }));
      memory.set("outbox", waiting.length ? waiting : null);
    }

    async ask(path, init, patience) {
      const cut = new AbortController();
      const timer = setTimeout(() => cut.abort(), patience);
      try {
        const response = await fetch(BASE + path, { ...QUIET, ...init, signal: cut.signal });
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
      } catch { /* no network */ }
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
      this.view.newSession();
    }

    post(item, token) {
      const headers = { "Content-Type": "application/json" };
      if (token) headers.Authorization = `Bearer ${token}`;
      // A button belongs to its session; in a later one the same answer goes as words.
      const said = item.choice && item.of === token ? { choice: item.choice } : { text: item.text };
      const body = JSON.stringify({ id: item.id, ...said });
      return this.ask("chat/messages", { method: "POST", headers, body }, PATIENCE.post);
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
      this.post(item, null).then(({ body }) => this.view.alarm(item, body), () => {});
    }

    async pump() {
      if (this.pumping) return;
      this.pumping = true;
      for (let failures = 0; this.outbox.length;) {
        const item = this.outbox[0];
        const wait = await this.deliver(item).catch(() => 1);
        if (this.outbox[0] !== item) continue; // the chat was cleared meanwhile
        this.stuck = wait > 0;
        if (this.stuck) {
          this.view.waiting(this.outbox);
          await this.nap(Math.max(wait, backOff(failures++)));
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
        this.view.alarm(item, body);
        if (token === this.token) this.drop();
        return this.deliver(item, true);
      }
      if (status < 300 && Number.isInteger(body.seq)) {
        this.view.accepted(item, body);
        return 0;
      }
      const later = status < 300 || status >= 500 || [401, 408, 429].includes(status);
      this.view.refused(item, !token && this.trouble && !isAlarm(body.card) ? this.trouble : body, !later);
      return later ? Math.max(1, after) : 0;
    }

    async listen() {
      if (this.listening) return;
      this.listening = true;
      for (let failures = 0; this.token;) {
        const before = this.heardAt;
        await this.read().catch(() => {});
        if (this.heardAt !== before) failures = 0;
        if (this.token) await this.nap(backOff(failures++));
      }
      this.listening = false;
    }

    async read() {
      const cut = (this.cut = new AbortController());
      const headers = { Authorization: `Bearer ${this.token}`, Accept: "text/event-stream" };
      if (this.lastId) headers["Last-Event-ID"] = this.lastId;
      let dog = setTimeout(() => cut.abort(), PATIENCE.silence);
      try {
        const response = await fetch(`${BASE}chat/events`, { ...QUIET, headers, signal: cut.signal });
        if (response.status === 401 && !cut.signal.aborted) this.drop();
        if (!response.ok) return;
        const reader = response.body.getReader();
        const decoder = new TextDecoder();
        const parse = eventParser();
        for (let part = await reader.read(); !part.done && !cut.signal.aborted; part = await reader.read()) {
          clearTimeout(dog);
          dog = setTimeout(() => cut.abort(), PATIENCE.silence); // a ping comes every 15 s
          this.heardAt = Date.now();
          for (const event of parse(decoder.decode(part.value, { stream: true }))) {
            this.lastId = event.id || this.lastId; // also of an event that cannot be shown: it must not come for ever
            try { this.view.event(JSON.parse(event.data)); } catch (error) { console.error(error); }
          }
        }
      } finally {
        clearTimeout(dog);
        cut.abort();
      }
    }

    nap(milliseconds) {
      return new Promise((resolve) => {
        const up = () => { clearTimeout(timer); this.naps.delete(up); resolve(); };
        const timer = setTimeout(up, milliseconds);
        this.naps.add(up);
      });
    }

    wake() {
      for (const up of [...this.naps]) up();
    }

    /** Phones leave streams half open when the network changes or the page slept: start a new one. */
    reconnect() {
      this.cut.abort();
      setTimeout(() => this.wake());
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
        const status = await this.ask("chat/session", init, PATIENCE.post).then((answer) => answer.status, () => 599);
        if (status < 500 && status !== 429) return true;
        await this.nap(backOff(tries));
      }
      return false;
    }

    /** Ends the session while the page goes away: a beacon can carry the token only in its body. */
    end() {
      const body = JSON.stringify({ token: this.token });
      if (this.token) navigator.sendBeacon(`${BASE}chat/session/end`, body);
      this.outbox = [];
      this.token = null;
      this.keep();
    }
  }

  // ---- the cards ---------------------------------------------------------------------------------------------------
  const isAlarm = (card) => Boolean(card) && (card.kind === "emergency" || card.kind === "crisis");
  const listed = (value) => (Array.isArray(value) ? value : value ? [value] : []);

  function action(href, name, words, look) {
    return h("a", { class: `button ${look}`, href }, icon(name), words);
  }

  /** The ways to reach one number; 988 answers texts too. */
  function ways(number, look) {
    const words = { phone: number };
    const call = action(dial(number), "call", fill(STRINGS.callNumber, words), look);
    return number === "988" ? [call, action("sms:988", "chat", fill(STRINGS.textNumber, words), look)] : [call];
  }

  function badge(severity, size = "") {
    const known = STRINGS.severity[severity] ? severity : "unknown";
    return h("p", { class: `badge ${size}` }, icon(known), STRINGS.severity[known]);
  }

  function substances(names) {
    const parts = names.flatMap((name, at) => (at ? [" ", h("span", { class: "and" }, STRINGS.and), name] : [name]));
    return h("h3", { class: "substances" }, ...parts);
  }

  function source(entry) {
    const { id, title, publisher, date, url = "" } = typeof entry === "string" ? { id: entry, url: entry } : entry;
    const words = [title || id, publisher, date].filter(Boolean).join(", ");
    if (!url.startsWith("https://")) return words;
    return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
  }

  const sourceList = (entries) => listed(entries).map((entry) => h("p", { class: "soft" }, source(entry)));

  function pairItem({ a, b, severity, why, signs, sources }) {
    const marks = listed(signs).map((sign) => h("li", null, sign));
    return h("li", { class: severity },
      badge(severity, "small"), h("p", null, h("strong", null, `${a} + ${b}`)), why ? h("p", null, why) : null,
      marks.length ? h("p", null, STRINGS.signs) : null, marks.length ? h("ul", { class: "marks" }, ...marks) : null,
      ...sourceList(sources));
  }

  /** Counts down to the next dose. Its end is kept for this tab, so that a reload does not start it again. */
  function countdown(seconds, key) {
    const timers = { [key]: Date.now() + 1000 * seconds, ...memory.get("timers") };
    memory.set("timers", timers);
    const ends = performance.now() + Math.min(1000 * seconds, timers[key] - Date.now());
    const clock = h("strong", null);
    const node = h("p", { class: "timer", role: "timer" }, STRINGS.timer, " ", clock);
    const tick = () => {
      const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left) setTimeout(tick, 500);
      else node.replaceWith(h("p", { class: "timer over" }, STRINGS.timeUp)); // a new element in the log is read out
    };
    setTimeout(tick);
    return node;
  }

  const CARDS = {
    interaction(card) {
      const facts = listed(card.facts).map((fact) => h("li", null, fact.text, ...sourceList(fact.sources)));
      const known = [...listed(card.pairs).map(pairItem), ...facts];
      if (card.reviewed) known.push(h("li", { class: "soft" }, fill(STRINGS.reviewed, { date: card.reviewed })));
      return h("div", { class: `card interaction ${card.severity}`, role: "group", "aria-label": STRINGS.mix },
        badge(card.severity), substances(listed(card.substances)),
        known.length ? h("details", null, h("summary", null, STRINGS.sources), h("ul", null, ...known)) : null);
    },

    emergency(card, { phone }, key) {
      const numbers = listed(card.call).length ? listed(card.call) : [card.kind === "crisis" ? "988" : "911"];
      const steps = listed(card.steps).map((step) => h("li", null, ...linked(String(step), phone)));
      const helpline = phone && !numbers.some((number) => digits(number) === digits(phone));
      const look = card.kind === "crisis" ? "big" : "big alarm"; // red frightens where nobody is dying
      return h("div", { class: `card ${card.kind}`, role: "group", "aria-label": STRINGS.alarm[card.kind] },
        h("h3", null, STRINGS.alarm[card.kind]), ...numbers.flatMap((number) => ways(String(number), look)),
        steps.length ? h("ol", { class: "steps", "aria-label": STRINGS.steps }, ...steps) : null,
        card.timer > 0 ? countdown(card.timer, key) : null,
        helpline ? action(dial(phone), "call", fill(STRINGS.callNumber, { phone }), "plain wide") : null);
    },

    helpline(card, site) {
      const phone = digits(card.phone || "") ? card.phone : site.phone;
      return h("div", { class: "card helpline", role: "group", "aria-label": site.name },
        phone ? action(dial(phone), "call", fill(STRINGS.callNumber, { phone }), "big") : null,
        action("tel:911", "call", STRINGS.emergencyCall, "plain wide"));
    },
  };
  CARDS.crisis = CARDS.emergency;

  // ---- the element: what is on the screen --------------------------------------------------------------------------
  const BUTTON = { class: "button", type: "button" };

  class HelplineChat extends HTMLElement {
    /** The words can be read by a test, and changed by a site before the element is built. */
    static strings = STRINGS;

    connectedCallback() {
      if (this.shadowRoot) return;
      this.site = { name: this.getAttribute("name") || STRINGS.helpline, phone: this.getAttribute("phone") || "" };
      this.known = new Map(); // seq -> its element
      this.early = new Map(); // seq of a message -> the alarm shown for it before its stream message
      this.awaiting = new Map(); // seq -> the message sent, until something answers it
      this.turns = new Set(); // accepted and not yet done
      this.seen = { replies: new Set(), alarms: new Set(), done: new Set() }; // by seq of the message they belong to
      this.build();
      this.line = new Line(this);
      this.line.outbox.forEach((item) => this.mine(item));
      this.listenToPage();
      if (memory.get("open")) this.open();
      if (this.line.outbox.length) this.line.pump();
    }

    say(key) {
      return fill(STRINGS[key], this.site);
    }

    build() {
      const root = this.attachShadow({ mode: "open" });
      try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        root.adoptedStyleSheets = [sheet];
      } catch {
        root.append(h("style", null, STYLE)); // Safari before 16.4
      }
      const { phone } = this.site;
      const reach = { href: dial(phone), "aria-label": this.say("callNumber") };
      const opens = { ...BUTTON, "aria-haspopup": "dialog", click: () => this.open() };
      this.launcher = h("button", opens, icon("chat"), STRINGS.open);
      this.dock = h("section", { class: "dock", "aria-label": STRINGS.dock },
        phone ? h("a", { ...reach, class: "button plain" }, icon("call"), STRINGS.call) : null, this.launcher);
      const close = { ...BUTTON, class: "button bare", "aria-label": STRINGS.close, click: () => this.panel.close() };
      const head = h("div", { class: "head" },
        h("div", { class: "row top" }, h("h2", { id: "title" }, this.site.name), h("button", close, icon("close"))),
        h("div", { class: "row" }, phone ? action(dial(phone), "call", this.say("callNumber"), "call") : null,
          h("button", { ...BUTTON, class: "button plain", click: () => this.leave() }, STRINGS.leave)));
      const foot = h("div", { class: "foot" }, h("span", null, STRINGS.program),
        h("button", { ...BUTTON, class: "button bare", click: () => this.clear() }, STRINGS.clear));
      this.panel = h("dialog", { lang: "en", "aria-labelledby": "title" },
        head, this.buildStage(), this.buildForm(), foot);
      this.panel.addEventListener("close", () => this.closed());
      this.panel.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !event.isComposing) this.panel.close();
      });
      root.append(this.dock, this.panel);
    }

    buildStage() {
      const hello = [STRINGS.hello, this.site.phone ? this.say("person") : null, STRINGS.danger].filter(Boolean);
      // The log is there from the start and takes only additions: what changes (state, indicator) stays outside or off.
      this.items = h("div", { role: "log", "aria-live": "polite", "aria-relevant": "additions",
        "aria-label": STRINGS.messages });
      this.working = h("div", { class: "working", hidden: true }, h("i"), h("i"), h("i"), STRINGS.working);
      this.status = h("p", { class: "unseen", role: "status" });
      this.scroll = h("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": STRINGS.messages },
        h("div", { class: "hello" }, ...hello.map((words) => h("p", null, ...linked(words, this.site.phone)))),
        this.items, this.working);
      const on = () => { this.moved = true; this.scroll.scrollTop += this.scroll.clientHeight * 0.8; };
      const seenOnly = { ...BUTTON, class: "button plain more", tabindex: "-1", "aria-hidden": "true" };
      this.more = h("button", { ...seenOnly, click: on }, icon("down"));
      this.scroll.addEventListener("scroll", () => this.hint(), { passive: true });
      for (const kind of ["wheel", "touchmove", "keydown"]) {
        this.scroll.addEventListener(kind, () => { this.moved = true; }, { passive: true });
      }
      return h("div", { class: "stage" }, this.scroll, this.more, this.status);
    }

    buildForm() {
      // Spell checkers of some browsers send the words to their maker, and correction turns drug names into others.
      this.input = h("textarea", { rows: "1", "aria-label": STRINGS.input, placeholder: STRINGS.hint,
        enterkeyhint: "send", autocomplete: "off", autocorrect: "off", spellcheck: "false" });
      this.input.addEventListener("input", () => this.grow());
      this.input.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.sendInput();
      });
      return h("form", { submit: (event) => { event.preventDefault(); this.sendInput(); } }, this.input,
        h("button", { class: "button", "aria-label": STRINGS.send }, icon("send")));
    }

    listenToPage() {
      const view = window.visualViewport;
      if (view) view.addEventListener("resize", () => this.fit());
      window.addEventListener("online", () => this.line.reconnect());
      window.addEventListener("pageshow", (event) => event.persisted && this.line.reconnect());
      window.addEventListener("pagehide", (event) => event.persisted && this.line.cut.abort());
      document.addEventListener("visibilitychange", () => {
        if (!document.hidden && this.line.token && Date.now() - this.line.heardAt > 20000) this.line.reconnect();
      });
    }

    // -- the panel
    open() {
      if (this.panel.open) return;
      this.dock.hidden = true;
      if (matchMedia("(max-width: 40rem)").matches) this.panel.showModal();
      else this.panel.show();
      memory.set("open", true);
      if (this.line.token && !this.line.listening) {
        this.hush();
        this.line.listen();
      }
      this.fit();
      this.input.focus({ preventScroll: true });
    }

    closed() {
      this.dock.hidden = false;
      memory.set("open", null);
      this.launcher.focus();
    }

    /** The keyboard of a phone covers the page without shrinking it: keep the panel inside what can be seen. */
    fit() {
      const view = window.visualViewport;
      if (view && view.scale < 1.05) {
        this.panel.style.setProperty("--height", `${view.height}px`);
        this.panel.style.setProperty("--top", `${view.offsetTop}px`);
      }
      this.reveal();
    }

    leave() {
      const url = this.getAttribute("leave") || "https://www.google.com/";
      document.documentElement.style.display = "none";
      this.line.end();
      memory.set("open", null);
      location.replace(/^https?:/.test(url) ? url : "about:blank");
    }

    async clear() {
      const cleared = this.line.clear();
      this.items.replaceChildren();
      this.input.value = "";
      this.input.focus();
      this.announce((await cleared) ? STRINGS.cleared : STRINGS.clearedHere, "notice");
    }

    announce(words, look = "unseen") {
      this.status.className = look;
      this.status.textContent = words;
    }

    // -- sending
    grow() {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight + 2}px`;
    }

    sendInput() {
      const text = this.input.value.replace(/\0/g, "").trim();
      if (!text) return;
      this.input.value = "";
      this.grow();
      this.submit(text);
    }

    submit(text, choice = null) {
      const item = { id: uuid(), text, choice, of: choice && this.line.token };
      this.items.setAttribute("aria-live", "polite");
      this.moved = false;
      this.announce("");
      this.dropChoices(Infinity);
      this.mine(item);
      this.line.send(item);
    }

    mine(item) {
      item.node = this.bubble(item.text);
      item.state = h("p", { class: "state", "aria-live": "off" });
      item.node.append(item.state);
      item.timer = setTimeout(() => this.noAnswer(item), PATIENCE.answer);
      this.mark(item, navigator.onLine && !this.line.stuck ? "sending" : "waiting");
      this.place(item.node, Infinity);
    }

    mark(item, state) {
      if (state === "sent") for (const old of this.items.querySelectorAll(".state[data-sent]")) old.textContent = "";
      if (state === "waiting" && item.state.textContent !== STRINGS.state.waiting) this.announce(STRINGS.state.waiting);
      item.state.toggleAttribute("data-sent", state === "sent");
      item.state.textContent = STRINGS.state[state];
    }

    waiting(items) {
      for (const item of items) if (!item.seq) this.mark(item, "waiting");
    }

    accepted(item, { seq, card }) {
      const before = this.known.get(seq);
      if (before && before !== item.node) this.merge(item, before, seq);
      else this.adopt(item, seq);
      this.mark(item, "sent");
      this.awaiting.set(seq, item);
      if (item.aside) this.settleAside(item, seq);
      if (isAlarm(card) && !this.seen.alarms.has(seq)) {
        this.show(item, { card, reply_to: seq });
        this.early.set(seq, item.aside);
      }
      if (this.seen.replies.has(seq)) this.answered(seq);
      else setTimeout(() => this.awaiting.has(seq) && this.line.reconnect(), PATIENCE.kick);
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
      if (item.aside) this.place(item.aside, seq + 0.5);
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
      this.known.set(seq, item.node);
      this.place(item.node, seq);
      if (mistaken) this.known.set(mistaken, this.place(this.bubble(item.text), mistaken));
    }

    refused(item, body, final) {
      if (final) {
        this.mark(item, "failed");
        this.place(item.node, this.last());
        if (!item.choice && !this.input.value) this.input.value = item.text;
        this.grow();
      }
      if (body.text || body.card) this.show(item, body);
      else if (final) this.noAnswer(item);
    }

    alarm(item, body) {
      if (isAlarm(body.card)) this.show(item, body);
    }

    noAnswer(item) {
      if (item.aside || !item.node.isConnected) return; // answered otherwise, or cleared
      if (this.lonely) {
        this.lonely.item.aside = null;
        this.lonely.remove();
      }
      const { phone } = this.site;
      this.show(item, { text: this.say(phone ? "noAnswer" : "noAnswerNoPhone"), card: { kind: "helpline", phone } });
      this.lonely = item.aside;
      this.lonely.item = item;
      this.turns.delete(item.seq);
      this.indicate();
    }

    /** Shows what was said about one message outside the stream: one place for each message, an alarm is never lost. */
    show(item, said) {
      clearTimeout(item.timer);
      if (item.aside && isAlarm(item.aside.drawn.card) && !isAlarm(said.card)) return;
      if (item.aside && item.aside === this.lonely) this.lonely = null;
      const settled = item.node.key !== Infinity;
      const wherever = settled ? item.node.key + 0.5 : Infinity;
      const move = settled || !item.aside;
      item.aside = this.compose(item.aside || h("div", { class: "message bot" }), said);
      if (move) this.place(item.aside, wherever);
      this.reveal();
    }

    // -- hearing
    newSession() {
      memory.set("timers", null);
      for (const node of this.items.children) if (node.key !== Infinity) node.key = -Infinity;
      this.dropChoices(Infinity);
      for (const part of [this.known, this.early, this.turns, this.awaiting, ...Object.values(this.seen)]) part.clear();
      this.indicate();
    }

    /** After a reload the whole chat comes again: a screen reader should not have to hear it again. */
    hush() {
      this.items.setAttribute("aria-live", "off");
      setTimeout(() => this.items.setAttribute("aria-live", "polite"), 1500);
    }

    event(event) {
      if (event.kind === "turn_done") {
        this.seen.done.add(event.reply_to);
        this.turns.delete(event.reply_to);
        this.indicate();
      } else if (Number.isInteger(event.seq) && !this.known.has(event.seq)) {
        if (event.role === "user") this.heard(event);
        else this.said(event);
        this.reveal();
      }
    }

    heard({ seq, id, text }) {
      const [head] = this.line.outbox;
      const same = head && !head.seq && head.text === text ? head : null;
      const item = this.line.outbox.find((own) => id && own.id === id) || same;
      if (item) {
        this.adopt(item, seq);
        this.mark(item, "sent");
        this.awaiting.set(seq, item);
      } else this.known.set(seq, this.place(this.bubble(text || ""), seq));
      this.dropChoices(seq);
    }

    said(message) {
      const early = isAlarm(message.card) ? this.early.get(message.reply_to) : null;
      const node = this.compose(early || h("div", { class: `message ${message.role}` }), message);
      if (isAlarm(message.card)) {
        this.early.delete(message.reply_to);
        this.seen.alarms.add(message.reply_to);
      }
      this.known.set(message.seq, this.place(node, message.seq));
      const later = [...this.items.querySelectorAll(".user")].some((mine) => mine.key > message.seq);
      if (later) node.querySelector(".choices")?.remove();
      this.seen.replies.add(message.reply_to);
      this.answered(message.reply_to);
      const touch = matchMedia("(pointer: coarse)").matches;
      if (touch && message.card && !this.input.value) this.input.blur(); // the keyboard would cover the card
    }

    answered(seq) {
      clearTimeout(this.awaiting.get(seq)?.timer);
      this.awaiting.delete(seq);
    }

    // -- drawing
    bubble(text) {
      return h("div", { class: "message user" }, h("span", { class: "unseen" }, STRINGS.you), this.words(text));
    }

    words(...content) {
      return h("p", { class: "text", dir: "auto" }, ...content);
    }

    /**
     * Draws a message into an element, and leaves what is already drawn alone: nothing is announced twice, and the call
     * button of an early alarm neither moves nor loses the focus when the words arrive (they go below it).
     */
    compose(node, { role = "bot", text = null, card = null, buttons = [], reply_to: to, seq = to }) {
      const old = node.drawn || {};
      const draw = card && Object.hasOwn(CARDS, card.kind) ? CARDS[card.kind] : null;
      const same = JSON.stringify(old.card) === JSON.stringify(card);
      const cardNode = same ? old.cardNode : draw && draw(card, this.site, to || seq);
      const staff = role === "staff";
      const who = old.who || h("p", { class: staff ? "who" : "unseen" }, staff ? STRINGS.staff : STRINGS.bot);
      const words = !text || old.text === text ? old.words : this.words(...linked(String(text), this.site.phone));
      const choices = listed(buttons).length ? this.choices(buttons) : null;
      const order = draw === CARDS.helpline ? [words, cardNode] : [cardNode, words];
      const wanted = [who, ...order, choices].filter(Boolean);
      for (const child of [...node.children]) if (!wanted.includes(child)) child.remove();
      wanted.forEach((child, at) => {
        if (node.children[at] !== child) node.insertBefore(child, node.children[at] || null);
      });
      node.drawn = { text, card, words, cardNode, who };
      return node;
    }

    choices(buttons) {
      const group = h("div", { class: "choices", role: "group", "aria-label": STRINGS.replies });
      for (const { title, choice } of buttons) {
        group.append(h("button", { class: "button", type: "button", click: () => {
          this.submit(title, choice);
          (matchMedia("(pointer: coarse)").matches ? this.scroll : this.input).focus({ preventScroll: true });
        } }, title));
      }
      return group;
    }

    dropChoices(before) {
      for (const group of this.items.querySelectorAll(".choices")) if (group.parentNode.key < before) group.remove();
    }

    /** Puts an element where its number belongs; what has no number yet waits at the end. Moves nothing needlessly. */
    place(node, key) {
      node.key = key;
      const next = [...this.items.children].find((other) => other !== node && other.key > key) || null;
      if (node.parentNode !== this.items || node.nextSibling !== next) this.items.insertBefore(node, next);
      this.reveal();
      return node;
    }

    last() {
      return Math.max(0, ...[...this.items.children].map((node) => node.key).filter(Number.isFinite)) + 0.01;
    }

    indicate() {
      this.working.hidden = this.turns.size === 0;
      this.reveal();
    }

    /** Follows the talk, but never past the visitor's own last message: an answer is read from its beginning. */
    reveal() {
      const mine = [...this.items.querySelectorAll(".user")].pop();
      const bottom = this.scroll.scrollHeight - this.scroll.clientHeight;
      if (!this.moved) this.scroll.scrollTop = mine ? Math.min(bottom, mine.offsetTop - 8) : 0;
      this.hint();
    }

    hint() {
      this.more.hidden = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 56;
    }
  }

  customElements.define("helpline-chat", HelplineChat);
})();
