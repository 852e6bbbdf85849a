// Shows how far a photograph has gone, and says clearly when it did not arrive.
const formOf = (event) => event.target.closest?.("[data-sending]");

const say = (form, text) => {
  const place = form.querySelector(".sending-says");
  place.textContent = text;
  place.hidden = !text;
};

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = formOf(event);
  if (!form) return;
  say(form, "");
  const bar = form.querySelector(".sent");
  bar.value = 0;
  bar.hidden = false;
});

document.addEventListener("htmx:xhr:progress", (event) => {
  const form = formOf(event);
  if (form && event.detail.lengthComputable) {
    form.querySelector(".sent").value = (100 * event.detail.loaded) / event.detail.total;
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = formOf(event);
  if (form) form.querySelector(".sent").hidden = true;
});

document.addEventListener("htmx:sendError", (event) => {
  const form = formOf(event);
  if (form) say(form, form.dataset.lost);
});

document.addEventListener("htmx:responseError", (event) => {
  const form = formOf(event);
  if (form) say(form, event.detail.xhr.status === 413 ? form.dataset.tooLarge : form.dataset.broken);
});
