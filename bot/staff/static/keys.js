/** Keys that follow links: j and k, u, ?. Off while somebody types, and for whoever switched them off. */
const OFF = "keys-off";
const box = document.querySelector("[data-keys-on]");

const off = () => localStorage.getItem(OFF) === "yes";

function follow(event) {
  if (off() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!link) return;
  event.preventDefault();
  link.scrollIntoView({ block: "nearest" });
  link.focus();
  link.click();
}

if (box) {
  box.checked = !off();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "no" : "yes"));
}
document.addEventListener("keydown", follow);
