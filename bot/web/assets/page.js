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
    // Under whoever is about to press nothing moves: another row would be pressed.
    if (main.querySelector(".press:hover, .press:focus-within")) { setTimeout(show, 2000); return; }
    main.dataset.last = next.innerHTML;
    const said = main.querySelector(".said"); // what became of a press is not in the page that is fetched
    if (said && !next.querySelector(".said")) next.querySelector("h1").after(said);
    // Whoever goes by keyboard stays where they were.
    const at = [...main.querySelectorAll("a, button, [tabindex]")].indexOf(document.activeElement);
    main.replaceChildren(...next.childNodes);
    if (at >= 0) main.querySelectorAll("a, button, [tabindex]")[at]?.focus({ preventScroll: true });
  } catch { /* the server is away; it is asked again */ }
};

let stale = false;
const listen = () => {
  const news = new EventSource("/live");
  news.onmessage = show;
  // After an answer that says no, a browser does not ask again by itself.
  news.onerror = () => { if (news.readyState === EventSource.CLOSED) setTimeout(() => { listen(); show(); }, 5000); };
};
listen();
document.addEventListener("visibilitychange", () => { if (stale) show(); });
