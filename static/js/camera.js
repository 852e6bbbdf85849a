// The camera: a mirrored view with an oval, a shutter, and what was taken or chosen before it is sent.
const SHAPE = 205 / 275;

class CameraStage extends HTMLElement {
  connectedCallback() {
    const find = (selector) => this.querySelector(selector);
    this.form = this.closest("form");
    this.video = find("video");
    this.preview = find(".preview");
    this.opener = find("[data-open]");
    this.shutter = find("[data-shoot]");
    this.keep = find("[data-keep]");
    this.retake = find("[data-retake]");
    this.says = find(".camera-says");
    this.form.classList.add("has-script");
    this.hidden = false;
    this.opener.addEventListener("click", () => this.open(true));
    this.shutter.addEventListener("click", () => this.shoot());
    this.retake.addEventListener("click", () => this.again());
    this.form.addEventListener("photo-chosen", (event) => this.show(event.detail));
    this.onhide = () => document.hidden && this.state === "live" && this.close();
    document.addEventListener("visibilitychange", this.onhide);
    this.enter("closed");
    if (!navigator.mediaDevices?.getUserMedia) {
      this.opener.hidden = true;
      this.say("missing");
    } else {
      this.openIfAllowed();
    }
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onhide);
    this.stop();
    URL.revokeObjectURL(this.preview.src);
  }

  // Whoever has allowed the camera before need not ask for it again; nobody is asked unasked.
  async openIfAllowed() {
    const permission = await navigator.permissions?.query({ name: "camera" }).catch(() => null);
    if (permission?.state === "granted" && this.isConnected && !this.closest("details:not([open])")) {
      this.open(false);
    }
  }

  // A camera takes a second to open: whoever has chosen a file meanwhile keeps the file.
  get isAwaited() {
    return this.isConnected && this.state === "closed";
  }

  async open(asked) {
    this.opener.disabled = true;
    try {
      const wanted = { facingMode: "user", width: { ideal: 1440 }, height: { ideal: 1440 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch (error) {
      if (!this.isAwaited) return this.stop();
      this.close();
      const none = ["NotFoundError", "OverconstrainedError", "NotReadableError"].includes(error.name);
      return this.say(none ? "missing" : "denied");
    } finally {
      this.opener.disabled = false;
    }
    if (!this.isAwaited) return this.stop();
    this.enter("live");
    this.say("ready");
    if (asked) this.shutter.focus();
  }

  // Takes what the view shows and no more of the room than that.
  async shoot() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth) return;
    const width = Math.min(videoWidth, videoHeight * SHAPE);
    const height = width / SHAPE;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width);
    canvas.height = Math.round(height);
    const left = (videoWidth - width) / 2;
    const top = (videoHeight - height) / 2;
    canvas.getContext("2d").drawImage(this.video, left, top, width, height, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], "selfie.jpg", { type: "image/jpeg" }));
    this.form.elements.photo.files = transfer.files;
    this.show({ file: transfer.files[0], drawable: true });
    this.say("taken");
    this.keep.focus();
  }

  show({ file, drawable }) {
    this.stop();
    URL.revokeObjectURL(this.preview.src);
    if (drawable) this.preview.src = URL.createObjectURL(file);
    this.enter("taken");
    this.preview.hidden = !drawable;
    if (!drawable) this.says.textContent = file.name;
  }

  again() {
    this.form.elements.photo.value = "";
    this.says.textContent = "";
    this.enter("closed");
    if (navigator.mediaDevices?.getUserMedia) this.open(true);
  }

  close() {
    this.stop();
    this.enter("closed");
  }

  stop() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  say(what) {
    this.says.textContent = this.dataset[what];
  }

  enter(state) {
    this.state = this.dataset.state = state;
    this.video.hidden = state !== "live";
    this.preview.hidden = state !== "taken";
    this.shutter.hidden = state !== "live";
    this.keep.hidden = this.retake.hidden = state !== "taken";
    this.querySelector(".stage-words").hidden = state !== "closed";
  }
}

customElements.define("camera-stage", CameraStage);
