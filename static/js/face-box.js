// A frame to lay around the face: drawn, moved and resized by pointer or arrow keys.
// The four number fields are the truth that is sent; the frame shows and changes them.
const LEAST = 24;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class FaceBox extends HTMLElement {
  connectedCallback() {
    this.full = { width: Number(this.dataset.width), height: Number(this.dataset.height) };
    this.frame = this.querySelector(".face-frame");
    this.fields = this.closest("form").elements;
    this.frame.hidden = false;
    this.classList.add("has-script");
    for (const note of this.closest("form").querySelectorAll(".with-script")) note.hidden = false;
    this.frame.addEventListener("keydown", (event) => this.key(event));
    this.addEventListener("pointerdown", (event) => this.grab(event));
    this.closest("form").addEventListener("input", () => this.draw());
    this.draw();
  }

  get box() {
    const number = (name) => Number(this.fields[name].value) || 0;
    return { x: number("x"), y: number("y"), width: number("width"), height: number("height") };
  }

  set box({ x, y, width, height }) {
    const { full, fields } = this;
    width = Math.min(Math.max(LEAST, width), full.width);
    height = Math.min(Math.max(LEAST, height), full.height);
    fields.width.value = Math.round(width);
    fields.height.value = Math.round(height);
    fields.x.value = Math.round(Math.min(Math.max(0, x), full.width - width));
    fields.y.value = Math.round(Math.min(Math.max(0, y), full.height - height));
    this.draw();
  }

  draw() {
    const { x, y, width, height } = this.box;
    Object.assign(this.frame.style, {
      left: `${(100 * x) / this.full.width}%`,
      top: `${(100 * y) / this.full.height}%`,
      width: `${(100 * width) / this.full.width}%`,
      height: `${(100 * height) / this.full.height}%`,
    });
  }

  key(event) {
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const step = Math.max(1, Math.round(Math.max(this.full.width, this.full.height) / 100));
    const [dx, dy] = arrow.map((direction) => direction * step);
    const { x, y, width, height } = this.box;
    this.box = event.shiftKey ? { x, y, width: width + dx, height: height + dy } : { x: x + dx, y: y + dy, width, height };
  }

  grab(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.setPointerCapture(event.pointerId);
    this.frame.focus({ preventScroll: true });
    const from = this.at(event);
    const start = this.box;
    const isCorner = event.target.tagName === "I";
    const isInside = event.target === this.frame;
    const move = (moved) => {
      const to = this.at(moved);
      const dx = to.x - from.x;
      const dy = to.y - from.y;
      if (isCorner) this.box = { ...start, width: start.width + dx, height: start.height + dy };
      else if (isInside) this.box = { ...start, x: start.x + dx, y: start.y + dy };
      else if (Math.abs(dx) > 4 && Math.abs(dy) > 4) {
        this.box = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(dx), height: Math.abs(dy) };
      }
    };
    const end = () => {
      this.removeEventListener("pointermove", move);
      this.removeEventListener("pointerup", end);
      this.removeEventListener("pointercancel", end);
    };
    this.addEventListener("pointermove", move);
    this.addEventListener("pointerup", end);
    this.addEventListener("pointercancel", end);
  }

  // A pointer's place in pixels of the stored photograph.
  at(event) {
    const seen = this.getBoundingClientRect();
    return {
      x: ((event.clientX - seen.left) / seen.width) * this.full.width,
      y: ((event.clientY - seen.top) / seen.height) * this.full.height,
    };
  }
}

customElements.define("face-box", FaceBox);
