// Draws /series: requests a second above, the share of errors below, one time
// for both. What the marks say stands in words below the curves.
const svg = document.getElementById("chart");
const NS = "http://www.w3.org/2000/svg";
const height = 220, left = 44, right = 12, top0 = 20, gap = 28, bottom = 20;

function add(name, attributes, text) {
  const e = document.createElementNS(NS, name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  if (text !== undefined) e.textContent = text;
  svg.append(e);
}

// above is a round number that all values are below.
function above(values, least) {
  const most = Math.max(least, ...values);
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 2.5, 5, 10].map((n) => n * step).find((n) => n >= most);
}

// path draws a curve; where nothing was measured it has a gap.
function path(points) {
  let d = "", pen = false;
  for (const [x, y] of points) {
    if (y === null) { pen = false; continue; }
    d += `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
  }
  return d;
}

function panel(s, x, from, to, name, of, least, show) {
  const value = (p) => (p ? of(p) : null);
  const all = s.samples.flatMap((one) => [value(one.stable), value(one.canary)]).filter((v) => v !== null);
  const most = above(all, least);
  const y = (v) => (v === null ? null : to - (v / most) * (to - from));
  for (const v of [0, most / 2, most]) {
    add("line", { class: "grid", x1: left, x2: svg.clientWidth - right, y1: y(v), y2: y(v) });
    add("text", { class: "axis", x: left - 8, y: y(v) + 4, "text-anchor": "end" }, show(v));
  }
  add("text", { class: "name", x: left, y: from - 7 }, name);
  for (const arm of ["stable", "canary"]) {
    add("path", { class: `curve ${arm}`, d: path(s.samples.map((one) => [x(one.at), y(value(one[arm]))])) });
  }
}

function draw(s) {
  const width = svg.clientWidth, half = (height - top0 - gap - bottom) / 2;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren();
  const x = (at) => left + (1 - (s.now - at) / s.span) * (width - left - right);
  s.marks.forEach((m, i) => {
    if (m.at < s.now - s.span) return;
    add("line", { class: `mark-line ${m.kind}`, x1: x(m.at), x2: x(m.at), y1: top0, y2: height - bottom });
    add("text", { class: `mark-number ${m.kind}`, x: x(m.at) + 3, y: height - bottom - 4 }, i + 1);
  });
  panel(s, x, top0, top0 + half, "requests/s", (p) => p.rps, 10, (v) => String(v));
  panel(s, x, top0 + half + gap, height - bottom, "errors", (p) => p.errors, 0.1, (v) => `${+(v * 100).toFixed(1)} %`);
  labels(s, x, width);
  const faster = s.span / 150000; // how much faster time runs than for those who look
  for (let ago = 0; ago <= s.span; ago += 30000 * faster) {
    add("text", { class: "axis", x: x(s.now - ago), y: height - 4, "text-anchor": ago ? "middle" : "end" }, ago ? (faster > 1 ? `−${+(ago / 60000).toFixed(1)} min` : `−${ago / 1000} s`) : "now");
  }
}

// labels stand beside their marks where there is room; the list has all.
function labels(s, x, width) {
  const middle = top0 + (height - top0 - gap - bottom) / 2;
  let free = Infinity;
  [...s.marks].reverse().forEach((m) => {
    const text = m.text.length > 28 ? m.text.slice(0, 27) + "…" : m.text;
    const at = x(m.at) + 4, end = at + text.length * 6.4;
    if (at < left || end > Math.min(free, width)) { free = Math.min(free, at); return; }
    add("text", { class: `mark-text ${m.kind}`, x: at, y: middle + 16 }, text);
    free = at;
  });
}

async function look() {
  if (document.hidden || !svg.clientWidth) return;
  try {
    const answer = await fetch("/series");
    if (answer.ok) draw(await answer.json());
  } catch { /* the playground has ended */ }
}
look();
setInterval(look, 1000);
