// Keeps the page fresh: each part with data-live is replaced when it differs.
// Without this script all works by forms and links; reload to see what is new.
const parts = () => document.querySelectorAll("[data-live]");
const said = new Map(); // what the server last said of a part
parts().forEach((p) => said.set(p.id, p.innerHTML));
document.documentElement.classList.add("scripted");

// patch takes a page that the server drew. What is open stays open, what has
// the focus keeps it, and who reads the newest goes on reading the newest.
function patch(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of parts()) {
    const next = fresh.getElementById(part.id);
    if (!next || said.get(part.id) === next.innerHTML) continue;
    if (part.querySelector(":active") || part.dataset.live === "hold" && part.matches(":focus-within")) continue;
    said.set(part.id, next.innerHTML);
    replace(part, next);
  }
}

function replace(part, next) {
  for (const old of part.querySelectorAll("details")) {
    const d = twin(old, next);
    if (!d) continue;
    d.open = old.open;
    const body = old.querySelector(":scope > pre"); // fetched when it was opened
    if (body) d.querySelector(":scope > [data-body]")?.replaceWith(body);
  }
  const at = document.activeElement;
  const focused = part.contains(at) && (twin(at, next) ?? part.closest("[tabindex]")); // what went leaves it to what is around
  const box = part.closest(".scroll");
  const low = box && box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  part.replaceChildren(...next.childNodes);
  if (low) box.scrollTop = box.scrollHeight;
  if (focused) focused.focus({ preventScroll: true });
}

// twin is what an element has become in a fresh part: what has its id or, of
// one without, the element in its place within the nearest that has an id.
function twin(old, fresh) {
  const found = (id) => fresh.id === id ? fresh : fresh.querySelector("#" + CSS.escape(id));
  if (old.id) return found(old.id);
  const around = old.closest("[id]");
  const place = [...around.querySelectorAll(old.localName)].indexOf(old);
  return found(around.id)?.querySelectorAll(old.localName)[place];
}

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(30000) });
    if (answer.ok) patch(await answer.text());
  } catch { /* the playground has ended, or is too slow */ }
}

// keepFresh asks each second, and never before the last answer is there: the
// time that it took is taken off the wait.
let beat = performance.now() + 1000;
async function keepFresh() {
  await refresh();
  beat = Math.max(beat + 1000, performance.now());
  setTimeout(keepFresh, beat - performance.now());
}
setTimeout(keepFresh, 1000);

// Forms are sent without leaving the page; a problem is shown in its place.
document.addEventListener("submit", async (e) => {
  const form = e.target;
  if (form.method !== "post") return;
  e.preventDefault();
  const body = new URLSearchParams(new FormData(form, e.submitter));
  answered(form.closest("details.ask"));
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    took(form, answer, await answer.text());
  } catch {
    problem("the playground has ended; to begin another: roundtrip playground");
  }
});

// answered closes a question, and whoever goes by keyboard is at its button.
function answered(question) {
  if (!question) return;
  question.querySelector("summary").focus({ preventScroll: true });
  question.open = false;
}

// took shows the page that a form was answered with.
function took(form, answer, html) {
  const went = answer.ok; // else the page that it answers says why not
  const shown = new URL(answer.url).searchParams;
  const at = new URL(location.href).searchParams;
  if (went && form.action.endsWith("/tour") && ["change", "channel"].some((k) => shown.get(k) !== at.get(k))) {
    location.assign(answer.url);
    return;
  }
  if (went) form.querySelectorAll("input[list]").forEach((i) => { i.value = ""; });
  patch(html);
  const box = form.parentElement?.querySelector(".scroll"); // what was written stands at its end
  if (box && went && form.classList.contains("composer")) box.scrollTop = box.scrollHeight;
}

// problem says what is wrong until the server says something else.
function problem(text) {
  const p = document.createElement("p");
  p.className = "problem";
  p.setAttribute("role", "alert");
  p.textContent = text;
  said.delete("problem");
  document.getElementById("problem").replaceChildren(p);
}

// A slider says what it is set to while it is moved.
document.addEventListener("input", (e) => {
  if (e.target.type === "range") e.target.nextElementSibling.value = e.target.value + e.target.dataset.unit;
});

// Whoever chooses, or lets a slider go, need not press a button too.
document.addEventListener("change", (e) => e.target.closest("form[data-auto]")?.requestSubmit());

// A chat is read from its end.
const chat = document.getElementById("slack-scroll");
if (chat) chat.scrollTop = chat.scrollHeight;

// The coach's line goes into the box; sending it is left to the visitor.
document.addEventListener("click", (e) => {
  const fill = e.target.closest("[data-fill]");
  const form = document.getElementById("comment");
  if (!fill || form.elements.change.value !== fill.dataset.change) return; // the link shows that change first
  e.preventDefault();
  form.elements.body.value = fill.dataset.fill;
  form.elements.body.focus();
});

// A coach that was closed stays so.
const coach = document.getElementById("coach");
if (coach) {
  coach.open = sessionStorage.getItem("coach") !== "closed";
  coach.addEventListener("toggle", () => sessionStorage.setItem("coach", coach.open ? "open" : "closed"));
}
