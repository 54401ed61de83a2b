// Copies what a link leads to. Without this script, or where the clipboard is
// closed, the link opens it.
document.addEventListener("click", async (e) => {
  const link = e.target.closest("[data-copy]");
  if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    await navigator.clipboard.writeText(await answer.text());
    link.textContent = "Copied";
    setTimeout(() => { link.textContent = "As curl"; }, 2000);
  } catch {
    location.assign(link.href);
  }
});
