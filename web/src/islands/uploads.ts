// Files: a preview of what was chosen, the phone's camera as a button, a word about what is too large before it is sent,
// and a bar with numbers while it is sent. The form stays a plain multipart form.
import { untaken } from "./common";
import { markSaved, release } from "./forms";

/** Below this the bar would only flash. */
const barFromBytes = 300 * 1024;

export function startUploads(restart: () => void): void {
  for (const field of untaken<HTMLElement>("[data-upload]", "Upload")) startField(field);
  for (const form of untaken<HTMLFormElement>("form[enctype='multipart/form-data'][data-uploading]", "Progress")) {
    startProgress(form, restart);
  }
}

function startField(field: HTMLElement): void {
  const input = field.querySelector<HTMLInputElement>("input[type=file]");
  const list = field.querySelector<HTMLElement>("[data-preview]");
  if (!input || !list) return;
  const bytesMax = Number(input.dataset.sizeMax ?? "0");
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    const tooLarge = files.some((file) => bytesMax > 0 && file.size > bytesMax);
    list.replaceChildren(...(tooLarge ? [wrong(input.dataset.tooLarge ?? "")] : files.map(preview)));
    if (tooLarge) input.value = "";
  });
  const camera = field.querySelector<HTMLButtonElement>("[data-camera]");
  const hasTouch = window.matchMedia("(pointer: coarse)").matches;
  if (!camera || !hasTouch) return;
  camera.hidden = false;
  camera.addEventListener("click", () => {
    input.setAttribute("capture", "environment");
    input.click();
    input.removeAttribute("capture");
  });
}

function preview(file: File): HTMLElement {
  const item = document.createElement("li");
  if (file.type.startsWith("image/")) {
    const image = document.createElement("img");
    image.alt = "";
    image.src = URL.createObjectURL(file);
    image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
    item.append(image);
  }
  item.append(`${file.name}（${megabytes(file.size)}）`);
  return item;
}

function wrong(text: string): HTMLElement {
  const item = document.createElement("li");
  item.className = "upload-wrong";
  item.textContent = text;
  return item;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1048576).toFixed(1)} MB`;
}

function startProgress(form: HTMLFormElement, restart: () => void): void {
  form.addEventListener("submit", (event) => {
    const fields = new FormData(form);
    // The button that was pressed belongs to the answer; older browsers do not add it by themselves.
    if (event.submitter instanceof HTMLButtonElement && event.submitter.name) {
      fields.append(event.submitter.name, event.submitter.value);
    }
    let bytes = 0;
    for (const [, value] of fields) if (value instanceof File) bytes += value.size;
    if (event.defaultPrevented || bytes < barFromBytes) return;
    event.preventDefault();
    send(form, fields, restart);
  });
}

function send(form: HTMLFormElement, fields: FormData, restart: () => void): void {
  const bar = document.createElement("progress");
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  form.append(bar, words);
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    bar.max = event.total;
    bar.value = event.loaded;
    words.textContent = `${form.dataset.uploading ?? ""} ${megabytes(event.loaded)} / ${megabytes(event.total)}`;
  });
  request.addEventListener("load", () => {
    markSaved(form);
    const wasRedirected = request.responseURL !== "" && request.responseURL !== form.action;
    if (wasRedirected) {
      window.location.assign(request.responseURL);
      return;
    }
    // The answer is a page itself (usually the form with its mistakes): show it as the browser would have.
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    document.replaceChild(document.adoptNode(page.documentElement), document.documentElement);
    window.scrollTo(0, 0);
    restart();
  });
  request.addEventListener("error", () => {
    bar.remove();
    words.textContent = form.dataset.uploadFailed ?? "";
    release(form);
  });
  request.send(fields);
}
