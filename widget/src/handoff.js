/** The page behind a link from a text: spends the link when the button is pressed, and opens the chat here. */
import { listenForDigits } from "./earlier.js";
import { recall, remember } from "./memory.js";
import { fill, find, only, show } from "./page.js";

const PATIENCE = 15000; // ms
const [, , code] = location.pathname.split("/");
let asked = false;

/** Spends the link: a session, or null where it does not work any more; throws where nobody can say. */
async function spend() {
  const response = await fetch(`/c/${code}`, {
    method: "POST",
    credentials: "omit",
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  if (response.status === 410) return null;
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return response.json();
}

/** Keeps a session where the chat looks for it; nothing of a former one may be taken for a part of it. */
function keep({ token, language }) {
  for (const key of ["told", "timers", "calm"]) remember(key, null);
  remember("token", token);
  remember("texts", true);
  remember("language", language === "es" ? language : null); // English is nobody's choice yet
}

/** Takes the code out of the address, so that neither the history nor a reload has it, and opens the chat. */
function openChat(focused) {
  history.replaceState(null, "", "/c");
  const language = recall("language") || "en";
  only(language);
  show("going", focused);
  find("call").hidden = true; // the chat has its own beside its button
  find("earlier").hidden = !recall("texts");
  const chat = find("chat").content.firstElementChild.cloneNode();
  chat.lang = language;
  if (recall("texts")) chat.setAttribute("hello", find("hello").querySelector(`[lang=${language}]`).textContent);
  document.body.append(chat);
}

async function go() {
  if (asked) return;
  asked = true;
  fill("trouble", "opening-words");
  find("go").setAttribute("aria-busy", "true");
  try {
    const session = await spend();
    fill("trouble");
    if (!session) return show("used", true);
    keep(session);
    remember("open", true);
    openChat(true);
  } catch (error) {
    console.error(error);
    fill("trouble", "trouble-words");
  } finally {
    asked = false;
    find("go").removeAttribute("aria-busy");
  }
}

/** A chat without the texts, or the one that this tab has. */
function chatAnew() {
  if (!recall("token")) remember("texts", null);
  remember("open", true);
  openChat(true);
}

/** Where the chat cannot run the page stays as it came: it says whom to call, and the link is not spent. */
function begin() {
  if (!customElements.get("helpline-chat")) return;
  find("no-button").hidden = true;
  for (const button of document.querySelectorAll("#go, #once, .new")) button.hidden = false;
  if (!code && recall("token")) openChat(false);
  else if (!code) show("over", false);
}

find("go").addEventListener("click", go);
for (const button of document.querySelectorAll(".new")) button.addEventListener("click", chatAnew);
listenForDigits();
begin();
