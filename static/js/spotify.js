// Spotify's player is another host: nothing is asked of it before a person presses play.
class SpotifyLater extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a");
    link?.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const frame = document.createElement("iframe");
      frame.src = this.dataset.src;
      frame.title = this.dataset.title;
      frame.width = "100%";
      frame.height = "152";
      frame.allow = "autoplay; clipboard-write; encrypted-media; fullscreen; picture-in-picture";
      frame.referrerPolicy = "no-referrer";
      frame.className = "embed";
      this.closest(".ticket").append(frame);
      this.remove();
      frame.focus();
    });
  }
}

customElements.define("spotify-later", SpotifyLater);
