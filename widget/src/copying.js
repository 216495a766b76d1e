/** Copying an answer, also on pages and browsers without a clipboard of their own. */
import { listed } from "./cards.js";
import { button, h } from "./dom.js";

/** An answer as plain text: the steps or the mix of its card, then its words. */
export function plainText({ text, card }) {
  const mix = listed(card?.substances).join(" + ");
  const steps = listed(card?.steps).filter((step) => !String(text).includes(step));
  return [mix, ...steps, text].filter(Boolean).join("\n");
}

async function copy(text, root) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea", { class: "unseen", "aria-hidden": "true", tabindex: "-1" });
    area.value = text;
    root.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** A button that copies what `tell` returns when it is pressed; a `copied` event says how it went. */
export function copyButton(tell, say = "copy") {
  const click = async (event) => {
    const pressed = event.currentTarget;
    const done = await copy(tell(), pressed.parentNode);
    pressed.focus({ preventScroll: true });
    pressed.dispatchEvent(new CustomEvent("copied", { bubbles: true, detail: done ? "copied" : "copied-not" }));
  };
  return button("bare copy", click, { icon: "copy", say });
}
