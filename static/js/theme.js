// Daylight or lamplight: the choice lies in a cookie, so that the server draws the first frame right.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

const isLamp = () => (root.dataset.theme ? root.dataset.theme === "lamp" : dark.matches);

for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  const name = () => (button.textContent = isLamp() ? button.dataset.toPaper : button.dataset.toLamp);
  button.addEventListener("click", () => {
    root.dataset.theme = isLamp() ? "paper" : "lamp";
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    name();
  });
  dark.addEventListener("change", name);
  name();
  button.hidden = false;
}
