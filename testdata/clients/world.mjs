// Starts the pretend GitHub and Slack, moves them, and counts steps.
import { spawn, execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const patience = 20_000; // how long we wait for what must come, in ms

// freePort finds one below those that the system gives out.
export async function freePort() {
  for (let tries = 0; tries < 200; tries++) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    const free = await new Promise((done) => {
      const s = createServer();
      s.once("error", () => done(false));
      s.listen(port, "127.0.0.1", () => s.close(() => done(true)));
    });
    if (free) return port;
  }
  throw new Error("no port is free");
}

// start builds and starts the fakes. What it returns knows where they are.
export async function start() {
  const dir = mkdtempSync(join(tmpdir(), "clients-"));
  const program = join(dir, "fakes");
  execFileSync("go", ["build", "-o", program, "./testdata/clients/fakes"], { cwd: root, stdio: "inherit" });
  const child = spawn(program, ["-port", String(await freePort())], { stdio: ["pipe", "pipe", "inherit"] });
  const world = JSON.parse(await firstLine(child));
  world.do = async (what, more = {}) => {
    const r = await fetch(world.url + "/world", { method: "POST", body: JSON.stringify({ do: what, ...more }) });
    const text = await r.text();
    if (!r.ok) throw new Error(`${what}: ${text}`);
    return JSON.parse(text);
  };
  world.stop = () => {
    child.stdin.end();
    rmSync(dir, { recursive: true, force: true });
  };
  return world;
}

function firstLine(child) {
  return new Promise((done, failed) => {
    let text = "";
    child.once("exit", (code) => failed(new Error(`the fakes ended with ${code}`)));
    child.stdout.on("data", (b) => {
      text += b;
      if (text.includes("\n")) done(text.split("\n")[0]);
    });
  });
}

// until waits for what another process does.
export async function until(what, look) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`this did not come: ${what}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}

// play runs the steps in order and ends the process: a step that throws is the
// last, and too few of them are a failure too.
export async function play(steps, { world, close = async () => {} }) {
  let n = 0;
  try {
    for (const [what, step] of steps) {
      n++;
      await step();
      console.log(`ok ${n} - ${what}`);
    }
    if (n < 30) throw new Error(`${n} steps are fewer than 30`);
    console.log(`1..${n}`);
  } catch (err) {
    console.log(`not ok ${n} - ${steps[n - 1]?.[0]}`);
    console.error(err);
    process.exitCode = 1;
  }
  await close();
  world.stop();
  setTimeout(() => process.exit(), 500).unref(); // keep-alive connections hold nobody up
}

// refused expects a request to be refused with a status.
export async function refused(promise, status) {
  try {
    await promise;
  } catch (err) {
    if (err.status === status) return err;
    throw err;
  }
  throw new Error(`it was not refused with ${status}`);
}
