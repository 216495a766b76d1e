/** What was said by text, on the page behind a link: shown to whoever knows the last digits of that number. */
import { recall, remember } from "./memory.js";
import { fill, find } from "./page.js";

const PATIENCE = 15000; // ms

async function ask(digits) {
  const response = await fetch("/chat/earlier", {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${recall("token")}` },
    body: JSON.stringify({ digits }),
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  return { status: response.status, ...(await response.json()) };
}

/** One text as it was: words that arrive are only ever shown as text. */
function bubble({ role, text, language }) {
  const item = document.createElement("li");
  const who = find(`said-${role}`) || find("said-bot");
  const words = document.createElement("p");
  words.textContent = text;
  words.dir = "auto";
  if (language) words.lang = language;
  item.className = role;
  item.append(...who.cloneNode(true).childNodes, words);
  return item;
}

function showTexts(messages) {
  find("texts").replaceChildren(...messages.filter(({ text }) => text).map(bubble));
  for (const id of ["texts", "hide"]) find(id).hidden = false;
  find("digits-form").hidden = true;
  find("earlier").querySelector("h2").focus();
}

/** Takes the texts away again; the digits are needed to see them once more. */
function hideTexts() {
  find("texts").replaceChildren();
  for (const id of ["texts", "hide"]) find(id).hidden = true;
  find("digits-form").hidden = false;
}

function close() {
  remember("texts", null);
  find("digits-form").hidden = true;
  fill("digits-said", "closed");
}

async function submit() {
  const { value } = find("digits");
  if (!/^\d{4}$/.test(value)) return fill("digits-said", "four");
  find("digits").value = "";
  const { status, messages, tries } = await ask(value);
  fill("digits-said");
  if (status === 200) showTexts(messages);
  else if (status === 401 || (status === 403 && !tries)) close();
  else if (status === 403) fill("digits-said", "wrong", ` ${tries}`);
  else fill("digits-said", "unread");
}

export function listenForDigits() {
  find("digits-form").addEventListener("submit", (event) => {
    event.preventDefault();
    submit().catch(() => fill("digits-said", "unread"));
  });
  find("hide").addEventListener("click", () => {
    hideTexts();
    find("digits").focus();
  });
  addEventListener("pagehide", hideTexts); // a browser may keep the page as it was, for whoever goes back
  document.addEventListener("cleared", () => {
    hideTexts();
    remember("texts", null);
    find("earlier").hidden = true;
  });
}
