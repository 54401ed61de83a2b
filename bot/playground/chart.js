// Draws /series: requests a second, the share of errors, and the latency that
// 19 of 20 answers stay below, one time for all. What the marks say stands in words
// below the curves.
const svg = document.getElementById("chart");
const NS = "http://www.w3.org/2000/svg";
const height = 300, left = 52, right = 12, top0 = 20, gap = 28, bottom = 20;
const tall = (height - top0 - 2 * gap - bottom) / 3; // a panel
const apart = 14; // from number to number of the marks

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
  const width = svg.clientWidth;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren();
  const x = (at) => left + (1 - (s.now - at) / s.span) * (width - left - right);
  numbers(s, x);
  const from = (n) => top0 + n * (tall + gap);
  panel(s, x, from(0), from(0) + tall, "requests/s", (p) => p.rps, 10, (v) => String(v));
  panel(s, x, from(1), from(1) + tall, "errors", (p) => p.errors, 0.1, (v) => `${+(v * 100).toFixed(1)} %`);
  panel(s, x, from(2), from(2) + tall, "latency (p95)", (p) => p.p95, 0.1, (v) => `${+(v * 1000).toFixed(0)} ms`);
  labels(s, x, width);
  const faster = s.span / 150000; // how much faster time runs than for those who look
  for (let ago = 0; ago <= s.span; ago += 30000 * faster) {
    add("text", { class: "axis", x: x(s.now - ago), y: height - 4, "text-anchor": ago ? "middle" : "end" }, ago ? (faster > 1 ? `−${+(ago / 60000).toFixed(1)} min` : `−${ago / 1000} s`) : "now");
  }
}

// numbers of the marks stand in two rows below the second panel; where both are
// taken one is left out, for the list has all.
function numbers(s, x) {
  const free = [left, left + 84]; // the third panel's name begins the lower row
  s.marks.forEach((m, i) => {
    const at = x(m.at);
    if (at < left) return;
    add("line", { class: `mark-line ${m.kind}`, x1: at, x2: at, y1: top0, y2: height - bottom });
    const row = free.findIndex((from) => at >= from);
    if (row < 0) return;
    free[row] = at + Math.max(apart, 6 + 7 * String(i + 1).length);
    add("text", { class: `mark-number ${m.kind}`, x: at + 3, y: top0 + 2 * tall + gap + 11 + 11 * row }, i + 1);
  });
}

// labels stand beside their marks where there is room; the list has all.
function labels(s, x, width) {
  let free = Infinity;
  [...s.marks].reverse().forEach((m) => {
    const text = m.text.length > 28 ? m.text.slice(0, 27) + "…" : m.text;
    const at = x(m.at) + 4, end = at + text.length * 6.4;
    if (at < left || end > Math.min(free, width)) { free = Math.min(free, at); return; }
    add("text", { class: `mark-text ${m.kind}`, x: at, y: top0 + tall + 16 }, text);
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
async function keepLooking() {
  await look();
  setTimeout(keepLooking, 1000); // after the answer: a slow one is not asked for twice
}
keepLooking();
