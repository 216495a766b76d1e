/**
 * <helpline-chat>: a call link and a button. All else, panel.js, is fetched when the button is used.
 *
 * What was inside the element stays where JavaScript is off or the browser is from before 2022: a call link of the page.
 * Every byte here is paid by visitors who never open the chat: a test holds the file under 1,000 bytes, compressed.
 */

import STYLE from "style";
import WORDS from "words/launcher";

const base = new URL(".", document.currentScript.src).href;

class HelplineChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      root.append(make("style", STYLE)); // Safari before 16.4
    }
    const language = this.closest("[lang^=es]") ? "es" : "en";
    const words = WORDS[language];
    const label = this.getAttribute("label") || words.label;
    const phone = this.getAttribute("phone");
    const call = make("a", words.call);
    const button = make("button", label);
    this.dock = make("aside");
    this.dock.lang = language;
    if (phone) {
      call.href = `tel:${phone.replace(/\D/g, "").replace(/^(?=.{10}$)/, "+1")}`;
      call.setAttribute("aria-label", `${words.call} ${phone}`);
      this.dock.append(call);
    }
    this.dock.append(button);
    root.append(this.dock);

    let tries = 0;
    button.onclick = async () => {
      button.textContent = words.opening;
      try {
        // Some browsers remember a module that failed to load: ask for it by another name then.
        (await import(`${base}panel.js?${tries}`)).open(this, base);
        button.textContent = label;
      } catch (error) {
        console.error(error);
        tries++;
        button.textContent = words.unopened;
      }
    };
    try {
      if (sessionStorage["helpline-chat.open"]) button.click();
    } catch {
      // A browser that forbids sessionStorage remembers nothing.
    }
  }
}

if (Object.hasOwn && !customElements.get("helpline-chat")) customElements.define("helpline-chat", HelplineChat);
