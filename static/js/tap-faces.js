// Lays a button over each face that was found.
class TapFaces extends HTMLElement {
  connectedCallback() {
    const { width, height } = this.dataset;
    for (const button of this.querySelectorAll(".tap")) {
      const { x, y, w, h } = button.dataset;
      Object.assign(button.style, {
        left: `${(100 * x) / width}%`,
        top: `${(100 * y) / height}%`,
        width: `${(100 * w) / width}%`,
        height: `${(100 * h) / height}%`,
      });
      button.hidden = false;
    }
  }
}

customElements.define("tap-faces", TapFaces);
