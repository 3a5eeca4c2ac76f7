// A signature drawn with finger, pen or mouse. Its points go into the form's own field; without script the name is written.
import SignaturePad from "signature_pad";
import { untaken } from "./common";

/** The field in which it is drawn, in its own points: as the server has it. */
const WIDTH = 600;
const HEIGHT = 200;
/** Points that lie nearer to the last one are left out. */
const NEAR = 3;

type Stroke = [number, number][];

const within = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)));

/** The strokes in the field's own points, thinned. */
function strokesOf(pad: SignaturePad, canvas: HTMLCanvasElement): Stroke[] {
  const scale = WIDTH / canvas.clientWidth;
  return pad.toData().map(({ points }) => {
    const stroke: Stroke = [];
    for (const { x, y } of points) {
      const point: [number, number] = [within(x * scale, WIDTH), within(y * scale, HEIGHT)];
      const last = stroke[stroke.length - 1];
      if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= NEAR) stroke.push(point);
    }
    return stroke;
  });
}

const written = (strokes: Stroke[]): string => (strokes.length === 0 ? "" : `drawn:${strokes.map((stroke) => stroke.map((point) => point.join(",")).join(" ")).join(";")}`);

export function startSignatures(): void {
  for (const field of untaken<HTMLElement>("[data-signature]", "Signature")) startOne(field);
}

function startOne(field: HTMLElement): void {
  const value = field.querySelector<HTMLInputElement>("input[type=hidden]");
  const box = field.querySelector<HTMLElement>("[data-signature-box]");
  const canvas = box?.querySelector("canvas");
  if (!value || !box || !canvas) return;
  box.hidden = false;
  const before = value.value;
  const pad = new SignaturePad(canvas, { minWidth: 1.5, maxWidth: 3.5 });
  const told = field.querySelector<HTMLElement>("[data-signature-told]");
  const size = (): void => {
    // A canvas that changes its size is empty; what was drawn stays in the field.
    canvas.width = canvas.clientWidth;
    canvas.height = (canvas.clientWidth * HEIGHT) / WIDTH;
    pad.clear();
  };
  size();
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width || canvas.clientWidth === 0) return;
    width = canvas.clientWidth;
    size();
  }).observe(canvas);
  const changed = (): void => {
    value.dispatchEvent(new Event("input", { bubbles: true }));
    value.dispatchEvent(new Event("change", { bubbles: true }));
  };
  pad.addEventListener("endStroke", () => {
    value.value = written(strokesOf(pad, canvas));
    told?.setAttribute("hidden", "");
    changed();
  });
  box.querySelector("[data-signature-clear]")?.addEventListener("click", () => {
    size();
    value.value = "";
    told?.setAttribute("hidden", "");
    if (before !== "") changed();
    canvas.focus();
  });
}
