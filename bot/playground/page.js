// Shows what is new every second; without script, reload the page.
const now = document.getElementById("now");
setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch("/now" + location.search);
    const fresh = await answer.text();
    // Whoever is choosing or pressing something is not disturbed.
    if (answer.ok && fresh !== now.dataset.last && !now.querySelector("form:focus-within")) {
      now.innerHTML = fresh;
      now.dataset.last = fresh;
    }
  } catch { /* the playground has ended */ }
}, 1000);
