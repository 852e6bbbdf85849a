// The note saves itself. What is typed lies in this browser until the server has it, so that a
// lost connection, a closed window or a session that ended costs no word.
const form = document.querySelector("form[data-draft]");
const PAUSE = 1200;
const RETRY = 15000;

// A field's default value is what the server has.
const fields = () => [...form.querySelectorAll("textarea, input[type=text]")];
const isDirty = () => fields().some((field) => field.value !== field.defaultValue);

// Where a browser keeps nothing (a private window may not), saving itself still works.
const store = {
  read: () => { try { return JSON.parse(localStorage.getItem(form.dataset.draft)) ?? {}; } catch { return {}; } },
  write: (draft) => { try { localStorage.setItem(form.dataset.draft, JSON.stringify(draft)); } catch {} },
  clear: () => { try { localStorage.removeItem(form.dataset.draft); } catch {} },
};

const keep = () => {
  const dirty = fields().filter((field) => field.value !== field.defaultValue);
  if (!dirty.length) return store.clear();
  store.write(Object.fromEntries(dirty.map((f) => [f.name, { from: f.defaultValue, to: f.value }])));
};

// Written elsewhere meanwhile: both stand, none is overwritten.
const merged = (field, { from, to }) => {
  const theirs = field.defaultValue;
  if (theirs === from || theirs === to || !theirs) return to;
  if (!to || theirs.includes(to)) return theirs;
  return theirs + (field.tagName === "TEXTAREA" ? "\n\n" : ", ") + to;
};

const restore = () => {
  for (const [name, change] of Object.entries(store.read())) {
    const field = form.elements[name];
    if (field) field.value = merged(field, change);
  }
  keep();
};

const say = (text, isError, mayEnter = false) => {
  const place = document.getElementById("saved");
  place.className = isError ? "error" : "saved";
  place.textContent = text;
  form.querySelector("[data-enter]").hidden = !mayEnter;
};

let timer;
let sending = false;

const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
};

const post = async () => {
  try {
    return await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "HX-Request": "true" },
      // So that it arrives although the page is being left.
      keepalive: true,
    });
  } catch {
    return null;
  }
};

async function save() {
  clearTimeout(timer);
  if (sending) return;
  sending = true;
  const sent = new Map(fields().map((field) => [field, field.value]));
  const answer = await post();
  sending = false;
  // Who was signed out meanwhile is sent to the login page, or refused for an old form.
  const isOut = answer?.redirected || answer?.status === 403;
  if (isOut) return say(form.dataset.out, true, true);
  if (answer?.status === 422) return say(await words(answer), true);
  if (!answer?.ok) {
    say(form.dataset.lost, true);
    return later(RETRY);
  }
  sent.forEach((value, field) => (field.defaultValue = value));
  keep();
  say(await words(answer), false);
  if (isDirty()) later(PAUSE);
}

const words = async (answer) =>
  new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim();

if (form) {
  restore();
  if (isDirty()) save();
  form.addEventListener("input", () => {
    keep();
    say("", false);
    later(PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  addEventListener("online", () => isDirty() && save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && isDirty()) save();
  });
  // A day that is torn out takes its draft along, or it would be written anew at once.
  document.querySelector(".tear form")?.addEventListener("submit", () => {
    clearTimeout(timer);
    fields().forEach((field) => (field.defaultValue = field.value));
    store.clear();
  });
}
