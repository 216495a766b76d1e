/** A short sound for an answer; off until the visitor turns it on. */
import { recall, remember } from "./memory.js";

let context = null;

export const isOn = () => Boolean(recall("sound"));

/** Turns it on or off; browsers let a page make sounds only from a tap on. */
export function turn(on) {
  remember("sound", on || null);
  if (on) ring();
}

export function ring() {
  if (!isOn()) return;
  context ||= new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = 520;
  volume.gain.setValueAtTime(0.08, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.35);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 0.4);
}
