/** "Leave this site": the page is blank at once, another takes its place, and the session ends. */
const TIMES = 3;
const PRESSED = { 1: "leave-twice", 2: "leave-once" }; // what is announced after so many presses
const SOON = 5000; // ms in which Shift must be pressed again

/** Blanks the page and goes elsewhere; `last` is what must still be done, quickly. */
export function leave(url, last) {
  document.documentElement.style.display = "none";
  document.title = "";
  last();
  const elsewhere = /^https?:/.test(url || "") ? url : "https://www.google.com/";
  location.replace(navigator.onLine ? elsewhere : "about:blank");
}

/** Calls `go` when Shift was pressed three times and nothing else; `announce` hears how often it is still needed. */
export function listenForShift(go, announce) {
  let pressed = 0;
  let alone = false;
  let forget;
  const reset = () => {
    pressed = 0;
  };
  document.addEventListener("keydown", (event) => {
    alone = event.key === "Shift" && !event.repeat;
    if (event.key !== "Shift") reset();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    clearTimeout(forget);
    forget = setTimeout(reset, SOON);
    pressed++;
    if (pressed >= TIMES) go();
    else announce(PRESSED[pressed]);
  });
}
