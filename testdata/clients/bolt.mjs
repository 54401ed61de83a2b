// A Bolt app, by HTTP and by Socket Mode, against the pretend Slack.
import assert from "node:assert/strict";
import bolt from "@slack/bolt";
import { WebClient } from "@slack/web-api";
import { start, play, until, freePort } from "./world.mjs";

const { App, HTTPReceiver, SocketModeReceiver } = bolt;
const world = await start();
const port = await freePort();
const logger = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, getLevel: () => "error", setName() {} };
const clientOptions = { slackApiUrl: world.slack, retryConfig: { retries: 0 } };
const web = new WebClient(world.bot_token, { ...clientOptions, logger });
const seen = [];
const channel = world.channel;
const alice = world.people.alice;

// Listeners as people write them.
function listen(app) {
  app.use(async ({ body, next }) => { seen.push(body); await next(); });
  app.command("/roundtrip", async ({ command, ack, respond, say, client }) => {
    const [verb] = command.text.split(" ");
    if (verb === "ack") return ack(`heard ${command.text}`);
    if (verb === "blocks") return ack({ response_type: "ephemeral", text: "blocks", blocks: [section("*at once*")] });
    await ack();
    if (verb === "respond") await respond({ text: "only you see this", response_type: "ephemeral" });
    if (verb === "aloud") await respond({ text: "all see this", response_type: "in_channel" });
    if (verb === "say") await say({ text: "said", blocks: [section("*said*"), buttons("1")] });
    if (verb === "whisper") await client.chat.postEphemeral({ channel: command.channel_id, user: command.user_id, text: "psst" });
  });
  app.action("go", async ({ ack, body, action, respond, client }) => {
    await ack();
    await client.chat.update({ channel: body.channel.id, ts: body.message.ts, text: `went ${action.value}`, blocks: [section(`went ${action.value}`), buttons("2")] });
    await client.chat.postMessage({ channel: body.channel.id, thread_ts: body.message.ts, text: `<@${body.user.id}> pressed` });
    await respond({ text: "you pressed", response_type: "ephemeral", replace_original: false });
  });
  app.action("stop", async ({ ack, respond }) => {
    await ack();
    await respond({ text: "stopped", replace_original: true });
  });
}

const section = (text) => ({ type: "section", text: { type: "mrkdwn", text } });
const button = (action_id, text, value) => ({ type: "button", action_id, text: { type: "plain_text", text }, value });
const buttons = (value) => ({ type: "actions", block_id: "what", elements: [button("go", "Go", value), button("stop", "Stop", value)] });
const make = (receiver) => {
  const app = new App({ token: world.bot_token, receiver, clientOptions, logger });
  listen(app);
  return app;
};

const http = make(new HTTPReceiver({ signingSecret: world.signing_secret, endpoints: ["/slack"], logger }));
await http.start({ port, host: "127.0.0.1" });
await world.do("hooks", { text: `http://127.0.0.1:${port}/slack` });
let socket;

const say = (text) => world.do("command", { by: "alice", text });
const messages = async () => (await world.do("messages")) ?? [];
const whispers = async () => ((await world.do("whispers", { by: "alice" })) ?? []).map((m) => m.Text);
const fails = (promise, code) => assert.rejects(promise, (err) => err.data?.error === code);
let parent, plain;

const steps = [
  ["who the token is", async () => {
    const me = await web.auth.test();
    assert.match(me.user_id, /^U/);
    assert.match(me.bot_id, /^B/);
  }],
  ["a wrong token is refused", () => fails(new WebClient("xoxb-wrong", { ...clientOptions, logger }).auth.test(), "invalid_auth")],
  ["a method that is none", () => fails(web.apiCall("chat.sing"), "unknown_method")],
  ["channels", async () => {
    const { channels } = await web.conversations.list();
    assert.deepEqual(channels.map((c) => [c.id, c.name]), [[channel, "shop"]]);
  }],
  ["a person", async () => {
    const { user } = await web.users.info({ user: alice });
    assert.equal(user.name, "alice");
  }],
  ["a command's answer at once", async () => {
    const r = await say("ack one two");
    assert.equal(r.Status, 200);
    assert.ok((await whispers()).includes("heard ack one two"));
  }],
  ["a command says who, where and what", async () => {
    const c = seen.at(-1);
    assert.deepEqual([c.command, c.user_id, c.user_name, c.channel_id, c.channel_name, c.text], ["/roundtrip", alice, "alice", channel, "shop", "ack one two"]);
    assert.ok(c.response_url && c.trigger_id && c.team_id);
  }],
  ["blocks at once", async () => {
    await say("blocks");
    const last = (await world.do("whispers", { by: "alice" })).at(-1);
    assert.equal(last.Blocks[0].text.text, "*at once*");
  }],
  ["an answer by response_url, to one alone", async () => {
    await say("respond");
    await until("the whisper", async () => (await whispers()).includes("only you see this"));
    assert.equal((await messages()).length, 0);
  }],
  ["an answer by response_url, to all", async () => {
    await say("aloud");
    await until("the answer", async () => (await messages()).some((m) => m.Text === "all see this"));
  }],
  ["an ephemeral message by the Web API", async () => {
    await say("whisper");
    await until("the whisper", async () => (await whispers()).includes("psst"));
  }],
  ["a message with buttons", async () => {
    await say("say");
    parent = await until("the message", async () => (await messages()).find((m) => m.Text === "said"));
    assert.equal(parent.Blocks[1].elements.length, 2);
  }],
  ["a press updates it", async () => {
    const r = await world.do("press", { by: "alice", ts: parent.TS, action: "go" });
    assert.equal(r.Status, 200);
    const m = await until("the update", async () => (await messages()).find((x) => x.TS === parent.TS && x.Text === "went 1"));
    assert.equal(m.Edited, 1);
  }],
  ["a press says what was pressed, on what", async () => {
    const p = seen.findLast((x) => x.type === "block_actions");
    assert.deepEqual([p.user.id, p.channel.id, p.message.ts, p.container.message_ts], [alice, channel, parent.TS, parent.TS]);
    assert.deepEqual([p.actions[0].action_id, p.actions[0].block_id, p.actions[0].value], ["go", "what", "1"]);
  }],
  ["and answers in the thread", async () => {
    const t = await until("the reply", async () => (await world.do("thread", { ts: parent.TS })).find((m) => m.Text === `<@${alice}> pressed`));
    assert.equal(t.ThreadTS, parent.TS);
  }],
  ["and to who pressed", () => until("the whisper", async () => (await whispers()).includes("you pressed"))],
  ["the thread by the Web API", async () => {
    const { messages: list } = await web.conversations.replies({ channel, ts: parent.TS });
    assert.deepEqual([list.length, list[0].reply_count, list[1].thread_ts], [2, 1, parent.TS]);
  }],
  ["the next press has the new value", async () => {
    await world.do("press", { by: "alice", ts: parent.TS, action: "go" });
    await until("the update", async () => (await messages()).some((x) => x.TS === parent.TS && x.Text === "went 2"));
  }],
  ["the original is replaced", async () => {
    await world.do("press", { by: "alice", ts: parent.TS, action: "stop" });
    await until("the replacement", async () => (await messages()).some((x) => x.TS === parent.TS && x.Text === "stopped"));
  }],
  ["then there is nothing left to press", () => assert.rejects(world.do("press", { by: "alice", ts: parent.TS, action: "go" }))],
  ["a post, with metadata", async () => {
    plain = await web.chat.postMessage({ channel, text: "plain", metadata: { event_type: "place", event_payload: { of: "test" } } });
    assert.equal(plain.channel, channel);
    const { messages: list } = await web.conversations.history({ channel, include_all_metadata: true, limit: 1 });
    assert.deepEqual(list[0].metadata, { event_type: "place", event_payload: { of: "test" } });
  }],
  ["its permalink", async () => {
    const { permalink } = await web.chat.getPermalink({ channel, message_ts: plain.ts });
    assert.match(permalink, /archives/);
  }],
  ["a reaction, once", async () => {
    await web.reactions.add({ channel, timestamp: plain.ts, name: "eyes" });
    await fails(web.reactions.add({ channel, timestamp: plain.ts, name: "eyes" }), "already_reacted");
  }],
  ["history on two pages", async () => {
    const all = [];
    for await (const page of web.paginate("conversations.history", { channel, limit: 2 })) all.push(...page.messages);
    assert.equal(all.length, 3);
    assert.ok(Number(all[0].ts) > Number(all.at(-1).ts), "the newest is the first");
  }],
  ["what cannot be said", async () => {
    await fails(web.chat.postMessage({ channel: "C0NOWHERE", text: "x" }), "channel_not_found");
    await fails(web.chat.postMessage({ channel, text: "" }), "no_text");
    await fails(web.chat.postMessage({ channel, text: "x", blocks: [{}] }), "invalid_blocks");
  }],
  ["what cannot be changed", async () => {
    await fails(web.chat.update({ channel, ts: "1.000001", text: "x" }), "message_not_found");
    await web.chat.delete({ channel, ts: plain.ts });
    await fails(web.chat.delete({ channel, ts: plain.ts }), "message_not_found");
  }],
  ["a forged request is refused", async () => {
    const before = seen.length;
    const r = await fetch(`http://127.0.0.1:${port}/slack`, {
      method: "POST", body: "command=%2Froundtrip&text=ack",
      headers: { "content-type": "application/x-www-form-urlencoded", "x-slack-request-timestamp": String(Math.floor(Date.now() / 1000)), "x-slack-signature": "v0=" + "0".repeat(64) },
    });
    assert.equal(r.status, 401);
    assert.equal(seen.length, before);
  }],
  ["Socket Mode connects", async () => {
    socket = make(new SocketModeReceiver({ appToken: world.app_token, logger, installerOptions: { clientOptions } }));
    await socket.start();
    await until("the connection", async () => (await world.do("sockets")) === 1);
  }],
  ["a command over the socket, and its answer", async () => {
    await say("ack over the socket");
    assert.ok((await whispers()).includes("heard ack over the socket"));
  }],
  ["response_url works from there too", async () => {
    await say("respond");
    await until("a second whisper", async () => (await whispers()).filter((t) => t === "only you see this").length === 2);
  }],
  ["a press over the socket", async () => {
    await say("say");
    const m = await until("the message", async () => (await messages()).find((x) => x.Text === "said"));
    await world.do("press", { by: "alice", ts: m.TS, action: "go" });
    await until("the update", async () => (await messages()).some((x) => x.TS === m.TS && x.Text === "went 1"));
  }],
  ["a connection that was cut is made again", async () => {
    await world.do("drop sockets");
    await until("the connection", async () => (await world.do("sockets")) === 1);
    await say("ack once more");
    assert.ok((await whispers()).includes("heard ack once more"));
  }],
];

await play(steps, { world, close: async () => { await socket?.stop(); await http.stop(); } });
