// Plays the piece of the day from its ticket; waits where the piece is still being composed.
const PLAY = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M8 5.5c4 1.8 8 4.2 11 6.5-3 2.5-7 4.9-11 6.6-.4-4.300-.4-8.800 0-13.100z"/></svg>';
const PAUSE = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7.5 6c1-.3 2-.3 3 0 .3 4 .3 8 0 12-1 .3-2 .3-3 0-.3-4-.3-8 0-12zM14 6c1-.3 2-.3 3 0 .3 4 .3 8 0 12-1 .3-2 .3-3 0-.3-4-.3-8 0-12z"/></svg>';
const MOST_TRIES = 90;
const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

class SongPlayer extends HTMLElement {
  connectedCallback() {
    if (this.button) return;
    this.audio = this.querySelector("audio");
    this.audio.controls = false;
    this.audio.removeAttribute("src");
    this.ticket = this.closest(".ticket");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "play";
    this.says = document.createElement("p");
    this.says.className = "player-says";
    this.says.setAttribute("role", "status");
    this.append(this.button);
    this.ticket.append(this.makeSeek(), this.says);
    this.button.addEventListener("click", () => this.toggle());
    for (const kind of ["play", "pause", "ended"]) this.audio.addEventListener(kind, () => this.show());
    this.audio.addEventListener("timeupdate", () => this.progress());
    this.audio.addEventListener("loadedmetadata", () => this.progress());
    this.audio.addEventListener("error", () => this.audio.src && this.fail());
    this.show();
  }

  disconnectedCallback() {
    this.gone = true;
    this.audio.pause();
  }

  makeSeek() {
    this.row = document.createElement("div");
    this.row.className = "seek";
    this.row.hidden = true;
    this.seek = Object.assign(document.createElement("input"), { type: "range", min: 0, max: 1000, value: 0 });
    this.seek.setAttribute("aria-label", this.dataset.seek);
    this.time = document.createElement("span");
    this.time.className = "figure";
    this.seek.addEventListener("input", () => {
      if (this.audio.duration) this.audio.currentTime = (this.seek.value / 1000) * this.audio.duration;
    });
    this.row.append(this.seek, this.time);
    return this.row;
  }

  async toggle() {
    if (!this.audio.paused) return this.audio.pause();
    if (!this.audio.getAttribute("src")) {
      if (this.isWaiting || !(await this.made())) return;
      this.audio.src = this.dataset.src;
    }
    try {
      await this.audio.play();
      this.says.textContent = "";
    } catch (error) {
      // A browser plays only soon after a press; a piece that took longer asks for another one.
      if (error.name === "NotAllowedError") this.says.textContent = this.dataset.made;
      else this.fail();
    }
  }

  // Asks for one byte until the piece is there; true when it is.
  async made() {
    this.isWaiting = true;
    this.button.setAttribute("aria-busy", "true");
    try {
      for (let tries = 0; tries < MOST_TRIES && !this.gone; tries += 1) {
        const answer = await fetch(this.dataset.src, { headers: { Range: "bytes=0-0" } });
        if (answer.ok && answer.status !== 202) return true;
        if (answer.status !== 202 && answer.status !== 503) break;
        this.says.textContent = this.dataset.making;
        const seconds = Number(answer.headers.get("Retry-After")) || 2;
        await new Promise((done) => setTimeout(done, 1000 * Math.min(seconds, 10)));
      }
    } catch {
      // Said below, like every other way of not getting it.
    } finally {
      this.isWaiting = false;
      this.button.removeAttribute("aria-busy");
    }
    this.fail();
    return false;
  }

  fail() {
    this.audio.removeAttribute("src");
    this.says.textContent = this.dataset.lost;
  }

  show() {
    const isPlaying = !this.audio.paused;
    this.button.innerHTML = isPlaying ? PAUSE : PLAY;
    this.button.setAttribute("aria-label", isPlaying ? this.dataset.pause : this.dataset.play);
    this.ticket.classList.toggle("is-playing", isPlaying);
    if (isPlaying) {
      this.row.hidden = false;
      for (const other of document.querySelectorAll("audio")) if (other !== this.audio) other.pause();
    }
  }

  progress() {
    const { currentTime, duration } = this.audio;
    if (!duration) return;
    this.seek.value = Math.round((1000 * currentTime) / duration);
    this.time.textContent = `${minutes(currentTime)} / ${minutes(duration)}`;
    this.seek.setAttribute("aria-valuetext", this.time.textContent);
  }
}

customElements.define("song-player", SongPlayer);
