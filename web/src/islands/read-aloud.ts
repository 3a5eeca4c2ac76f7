// Reads the page aloud, block by block, and marks the block being read. The button stays hidden where the device has no
// voice for the page's language.
import { untaken } from "./common";

const readSelector = "h1,h2,h3,p,li,dt,dd,th,td,label,legend,figcaption,summary";

export function startReadAloud(): void {
  if (!("speechSynthesis" in window)) return;
  for (const button of untaken<HTMLButtonElement>("button[data-read-aloud]", "Read")) {
    const words = button.textContent ?? "";
    const offer = (): void => {
      button.hidden = voice() === undefined;
    };
    offer();
    speechSynthesis.addEventListener?.("voiceschanged", offer);
    const stopped = (): void => {
      button.textContent = words;
      button.setAttribute("aria-pressed", "false");
    };
    button.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        stopped();
        return;
      }
      button.textContent = button.dataset.stop ?? words;
      button.setAttribute("aria-pressed", "true");
      read(blocks(), stopped);
    });
  }
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}

function voice(): SpeechSynthesisVoice | undefined {
  const language = document.documentElement.lang.slice(0, 2).toLowerCase();
  return speechSynthesis.getVoices().find((candidate) => candidate.lang.toLowerCase().startsWith(language));
}

/** The innermost blocks of the page's own text, in order; nothing that is hidden, nothing twice. */
function blocks(): HTMLElement[] {
  const main = document.querySelector("main");
  if (!main) return [];
  return [...main.querySelectorAll<HTMLElement>(readSelector)].filter(
    (block) =>
      block.querySelector(readSelector) === null &&
      block.closest("[data-not-read]") === null &&
      block.offsetParent !== null &&
      (block.textContent ?? "").trim() !== "",
  );
}

function read(queue: HTMLElement[], done: () => void): void {
  const block = queue.shift();
  if (!block) {
    done();
    return;
  }
  const speech = new SpeechSynthesisUtterance((block.textContent ?? "").replace(/\s+/g, " ").trim());
  const chosen = voice();
  if (chosen) speech.voice = chosen;
  speech.lang = document.documentElement.lang;
  // Slower than usual: who asks to be read to often hears less well.
  speech.rate = 0.9;
  block.classList.add("being-read");
  block.scrollIntoView({ block: "nearest" });
  speech.addEventListener("end", () => {
    block.classList.remove("being-read");
    if (document.querySelector("[data-read-aloud][aria-pressed=true]")) read(queue, done);
  });
  speech.addEventListener("error", () => {
    block.classList.remove("being-read");
    done();
  });
  speechSynthesis.speak(speech);
}
