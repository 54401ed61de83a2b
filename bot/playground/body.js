// Puts a body below its row when somebody opens it. Without this script, or
// where it is gone, the link shows it on a page of its own.
document.addEventListener("toggle", async (e) => {
  const link = e.target.open && e.target.querySelector(":scope > [data-body]");
  if (!link) return;
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const pre = document.createElement("pre");
    pre.textContent = await answer.text();
    document.getElementById(e.target.id)?.querySelector(":scope > [data-body]")?.replaceWith(pre);
  } catch { /* the link is there still */ }
}, true);
