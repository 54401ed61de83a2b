// Shows the page anew when something happened. Without script, reload it.
const main = document.getElementById("main");

const show = async () => {
  if (document.hidden) { stale = true; return; }
  stale = false;
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const time = fresh.querySelector("header time"), shown = document.querySelector("header time");
    if (time && shown) shown.replaceWith(time);
    const next = fresh.getElementById("main");
    if (next.innerHTML === main.dataset.last || !getSelection().isCollapsed) return;
    main.dataset.last = next.innerHTML;
    // Whoever goes by keyboard stays where they were.
    const at = [...main.querySelectorAll("a, button, [tabindex]")].indexOf(document.activeElement);
    main.replaceChildren(...next.childNodes);
    if (at >= 0) main.querySelectorAll("a, button, [tabindex]")[at]?.focus({ preventScroll: true });
  } catch { /* the server is away; it is asked again */ }
};

let stale = false;
new EventSource("/live").onmessage = show;
document.addEventListener("visibilitychange", () => { if (stale) show(); });
