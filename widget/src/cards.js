/** Cards: what an answer shows beside its words. */
import { h, icon } from "./dom.js";
import { digits, linked } from "./linked.js";
import { recall, remember } from "./memory.js";
import { callLink, ways } from "./reach.js";
import { phone, spoken } from "./words.js";

export const isAlarm = (card) => Boolean(card) && (card.kind === "emergency" || card.kind === "crisis");
export const listed = (value) => (Array.isArray(value) ? value : value ? [value] : []);

/** The numbers of an alarm; one that names none gets its kind's own. */
export const numbersOf = ({ kind, call }) =>
  listed(call).length ? listed(call).map(String) : [kind === "crisis" ? "988" : "911"];

/** Red frightens where nobody is dying. */
export const lookOf = ({ kind }) => (kind === "crisis" ? "big" : "big alarm");

const SEVERITIES = ["dangerous", "serious", "caution", "check", "reversal", "unknown"];
const known = (severity) => (SEVERITIES.includes(severity) ? severity : "unknown");

/** A severity, by word and by shape. */
export const badge = (severity, size = "") =>
  h(
    "p",
    { class: `badge ${known(severity)} ${size}` },
    icon(known(severity)),
    h("span", { say: `severity-${known(severity)}` }),
  );

/** The names of a mix. */
export function substances(names) {
  const parts = listed(names).flatMap((name, at) =>
    at ? [" ", h("span", { class: "and", say: "with" }), " ", name] : [name],
  );
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
  return h(
    "li",
    null,
    badge(severity, "small"),
    h("p", null, h("strong", null, `${a} + ${b}`)),
    why && h("p", null, why),
    marks.length > 0 && h("p", { say: "signs" }),
    marks.length > 0 && h("ul", { class: "marks" }, ...marks),
    ...sourceList(sources),
  );
}

function interaction(card) {
  const facts = listed(card.facts).map((fact) => h("li", null, fact.text, ...sourceList(fact.sources)));
  const lines = [...listed(card.pairs).map(pairItem), ...facts];
  if (card.reviewed) lines.push(h("li", { class: "soft" }, h("span", { say: "reviewed" }), " ", card.reviewed));
  return h(
    "div",
    { class: `card interaction ${known(card.severity)}`, role: "group", label: "mix" },
    badge(card.severity),
    substances(card.substances),
    lines.length > 0 && h("details", null, h("summary", { say: "sources" }), h("ul", null, ...lines)),
  );
}

/** A timer that began without the server goes on under the number that the server gave its message. */
export function carryTimer(from, to) {
  const timers = recall("timers") || {};
  if (timers[from]) remember("timers", { ...timers, [to]: timers[from] });
}

/** Counts down to the next step. Its end is kept for this tab, so that a reload does not start it again. */
function countdown(seconds, key) {
  const timers = { [key]: Date.now() + 1000 * seconds, ...recall("timers") };
  remember("timers", timers);
  let least = seconds; // a clock that is set back must not make anybody wait longer
  const clock = h("strong");
  const node = h("p", { class: "timer", role: "timer" }, h("span", { say: "timer" }), " ", clock);
  const tick = () => {
    least = Math.max(0, Math.min(least, Math.ceil((timers[key] - Date.now()) / 1000)));
    clock.textContent = `${Math.floor(least / 60)}:${String(least % 60).padStart(2, "0")}`;
    if (least) setTimeout(tick, 500);
    else node.replaceWith(h("p", { class: "timer over", say: "time-up", lang: spoken() })); // a new element in the log is read out
  };
  setTimeout(tick);
  return node;
}

function alarm(card, key) {
  const numbers = numbersOf(card);
  const steps = listed(card.steps).map((step) => h("li", null, ...linked(String(step), phone())));
  const own = numbers.some((number) => digits(number) === digits(phone()));
  return h(
    "div",
    { class: `card ${card.kind}`, role: "group", label: `alarm-${card.kind}` },
    h("h3", { say: `alarm-${card.kind}` }),
    ...numbers.flatMap((number) => ways(number, lookOf(card))),
    steps.length > 0 && h("ol", { class: "steps", label: "steps" }, ...steps),
    card.timer > 0 && countdown(card.timer, key),
    phone() && !own && callLink(phone(), "plain wide"),
  );
}

function helpline(card) {
  const number = digits(card.phone) ? card.phone : phone();
  return h(
    "div",
    { class: "card helpline", role: "group", label: "dock" },
    number && callLink(number, "big"),
    callLink("911", "plain wide"),
  );
}

const CARDS = { interaction, emergency: alarm, crisis: alarm, helpline };

/** Draws a card; null where there is none, or one that this widget does not know: it must not take its words with it. */
export function draw(card, key) {
  try {
    return card && Object.hasOwn(CARDS, card.kind) ? CARDS[card.kind](card, key) : null;
  } catch (error) {
    console.error(error);
    return null;
  }
}
