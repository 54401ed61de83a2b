// A Probot app between the pretend GitHub's signed webhooks and its API.
import assert from "node:assert/strict";
import { Probot, Server } from "probot";
import { start, play, until, freePort } from "./world.mjs";

const world = await start();
const port = await freePort();
const seen = []; // what the app heard

// app is as people write them: it hears and answers by its own octokit.
function app(robot) {
  robot.onAny(({ name, payload, id }) => { seen.push({ name, action: payload.action, payload, id }); });
  robot.on("pull_request.opened", async (context) => {
    await context.octokit.rest.issues.createComment(context.issue({ body: `Welcome, @${context.payload.pull_request.user.login}` }));
    await context.octokit.rest.checks.create(context.repo({ name: "probot", head_sha: context.payload.pull_request.head.sha, status: "in_progress" }));
  });
  robot.on("pull_request.synchronize", async (context) => {
    const { data: files } = await context.octokit.rest.pulls.listFiles(context.pullRequest());
    await context.octokit.rest.checks.create(context.repo({
      name: "probot", head_sha: context.payload.pull_request.head.sha, status: "completed", conclusion: "success",
      output: { title: `${files.length} files`, summary: files.map((f) => f.filename).join(", ") },
    }));
  });
  robot.on("pull_request.labeled", async (context) => {
    await context.octokit.rest.issues.createComment(context.issue({ body: `labeled ${context.payload.label.name}` }));
  });
  robot.on("pull_request.closed", async (context) => {
    if (!context.payload.pull_request.merged) return;
    const made = await context.octokit.rest.repos.createDeployment(context.repo({
      ref: context.payload.pull_request.merge_commit_sha, environment: "staging", auto_merge: false, required_contexts: [],
    }));
    await context.octokit.rest.repos.createDeploymentStatus(context.repo({ deployment_id: made.data.id, state: "success" }));
  });
  robot.on("issue_comment.created", async (context) => {
    const { comment } = context.payload;
    if (context.isBot || !comment.body.startsWith("/")) return;
    await context.octokit.rest.reactions.createForIssueComment(context.repo({ comment_id: comment.id, content: "rocket" }));
    if (comment.body === "/files") {
      const all = await context.octokit.paginate(context.octokit.rest.pulls.listFiles, context.repo({ pull_number: context.payload.issue.number }));
      await context.octokit.rest.issues.createComment(context.issue({ body: all.map((f) => f.filename).join("\n") }));
    }
    if (comment.body === "/config") {
      const config = await context.config("probot.yml");
      await context.octokit.rest.issues.createComment(context.issue({ body: JSON.stringify(config) }));
    }
  });
  robot.on("check_run.completed", async (context) => {
    const run = context.payload.check_run;
    if (run.app.id === world.app_id) return;
    for (const { number } of run.pull_requests) {
      await context.octokit.rest.issues.createComment(context.repo({ issue_number: number, body: `${run.name}: ${run.conclusion}` }));
    }
  });
  robot.on("push", async (context) => {
    if (context.payload.ref !== "refs/heads/main") return;
    await context.octokit.rest.repos.createCommitStatus(context.repo({ sha: context.payload.after, state: "success", context: "probot/push" }));
  });
}

const identity = { appId: world.app_id, privateKey: world.key, secret: world.webhook_secret, baseUrl: world.github, logLevel: "silent" };
const probot = new Probot(identity);
const kit = await probot.auth(world.installation);
const server = new Server({ port, host: "127.0.0.1", webhookPath: "/hooks", log: probot.log, Probot: Probot.defaults({ ...identity, log: probot.log }) });
await server.load(app);
await server.start();
await world.do("hooks", { text: `http://127.0.0.1:${port}/hooks` });

const [owner, repo] = world.repo.split("/");
const at = { owner, repo };
const bodies = async (number) => (await kit.paginate(kit.rest.issues.listComments, { ...at, issue_number: number })).map((c) => c.body);
const heard = (name, action) => until(`${name}.${action}`, () => seen.find((e) => e.name === name && e.action === action));
const says = (number, text) => until(text, async () => (await bodies(number)).includes(text));
const check = async (sha) => (await kit.rest.checks.listForRef({ ...at, ref: sha, check_name: "probot" })).data.check_runs[0];
let pull, head, comment, merged;

const steps = [
  ["Probot signs in as the app", async () => {
    const { data } = await (await probot.auth()).rest.apps.getAuthenticated();
    assert.equal(data.id, world.app_id);
  }],
  ["and as the installation", async () => {
    const { data } = await kit.rest.apps.listReposAccessibleToInstallation();
    assert.equal(data.total_count, 1);
  }],
  ["a pull request is heard", async () => {
    pull = await world.do("open", { by: "alice", title: "Gifts", branch: "gifts", files: { "shop/gift.go": "package shop\n" } });
    const e = await heard("pull_request", "opened");
    assert.equal(e.payload.number, pull);
    head = e.payload.pull_request.head.sha;
  }],
  ["with its installation", async () => {
    const e = await heard("pull_request", "opened");
    assert.equal(e.payload.installation.id, world.installation);
  }],
  ["and who did it", async () => {
    const e = await heard("pull_request", "opened");
    assert.deepEqual([e.payload.sender.login, e.payload.sender.type], ["alice", "User"]);
  }],
  ["it is welcomed", () => says(pull, "Welcome, @alice")],
  ["the comment is the app's", async () => {
    const { data } = await kit.rest.issues.listComments({ ...at, issue_number: pull });
    assert.deepEqual([data[0].user.login, data[0].user.type], [world.bot, "Bot"]);
  }],
  ["the app hears of its own comment, as a bot's", async () => {
    const e = await heard("issue_comment", "created");
    assert.equal(e.payload.sender.type, "Bot");
  }],
  ["a check runs on its head", async () => {
    const run = await until("the check", () => check(head));
    assert.equal(run.status, "in_progress");
  }],
  ["the app hears of its own check", async () => {
    const e = await heard("check_run", "created");
    assert.equal(e.payload.check_run.app.id, world.app_id);
  }],
  ["the push of its branch is heard", async () => {
    const e = await until("push", () => seen.find((x) => x.name === "push" && x.payload.ref === "refs/heads/gifts"));
    assert.equal(e.payload.created, true);
    assert.equal(e.payload.head_commit.id, head);
  }],
  ["more is pushed", async () => {
    head = await world.do("push", { by: "alice", branch: "gifts", title: "More", files: { "shop/more.go": "package shop\n" } });
    const e = await heard("pull_request", "synchronize");
    assert.equal(e.payload.after, head);
    assert.notEqual(e.payload.before, head);
  }],
  ["the check of the new head lists its files", async () => {
    const run = await until("the check", () => check(head));
    assert.deepEqual([run.conclusion, run.output.title, run.output.summary], ["success", "2 files", "shop/gift.go, shop/more.go"]);
  }],
  ["a suite of the app is completed", async () => {
    const e = await heard("check_suite", "completed");
    assert.equal(e.payload.check_suite.head_sha, head);
  }],
  ["somebody comments", async () => {
    comment = await world.do("comment", { by: "bob", number: pull, text: "/files" });
    await until("the comment", () => seen.find((x) => x.name === "issue_comment" && x.payload.comment.id === comment));
  }],
  ["who comments is a collaborator", async () => {
    const e = seen.find((x) => x.name === "issue_comment" && x.payload.comment.id === comment);
    assert.equal(e.payload.comment.author_association, "COLLABORATOR");
    assert.ok(e.payload.issue.pull_request, "the issue says that it is a pull request");
  }],
  ["a reaction answers", () => until("rocket", async () => {
    const { data } = await kit.rest.reactions.listForIssueComment({ ...at, comment_id: comment });
    return data.some((r) => r.content === "rocket" && r.user.login === world.bot);
  })],
  ["and a comment", () => says(pull, "shop/gift.go\nshop/more.go")],
  ["prose is not answered", async () => {
    const id = await world.do("comment", { by: "bob", number: pull, text: "nice" });
    await until("the comment", () => seen.find((x) => x.name === "issue_comment" && x.payload.comment.id === id));
    const { data } = await kit.rest.reactions.listForIssueComment({ ...at, comment_id: id });
    assert.equal(data.length, 0);
  }],
  ["a configuration that is not there", async () => {
    await world.do("comment", { by: "bob", number: pull, text: "/config" });
    await says(pull, "null");
  }],
  ["the CI's check is heard, with its pull request", async () => {
    await world.do("check", { sha: head, check: "unit", status: "in_progress" });
    await world.do("check", { sha: head, check: "unit", status: "completed", conclusion: "failure" });
    await says(pull, "unit: failure");
  }],
  ["it began before it ended", async () => {
    const runs = seen.filter((x) => x.name === "check_run" && x.payload.check_run.name === "unit").map((x) => x.payload.check_run.status);
    assert.deepEqual(runs, ["in_progress", "completed"]);
  }],
  ["a label is heard", async () => {
    await world.do("label", { by: "bob", number: pull, text: "hotfix" });
    await says(pull, "labeled hotfix");
  }],
  ["it is merged", async () => {
    merged = await world.do("merge", { number: pull, by: "bob" });
    const e = await heard("pull_request", "closed");
    assert.deepEqual([e.payload.pull_request.merged, e.payload.pull_request.merge_commit_sha], [true, merged]);
  }],
  ["main's push gets a status", () => until("the status", async () => {
    const { data } = await kit.rest.repos.getCombinedStatusForRef({ ...at, ref: merged });
    return data.statuses.some((s) => s.context === "probot/push");
  })],
  ["the status is heard", async () => {
    const e = await until("status", () => seen.find((x) => x.name === "status"));
    assert.equal(e.payload.sha, merged);
  }],
  ["the merge is deployed", () => until("the deployment", async () => {
    const { data } = await kit.rest.repos.listDeployments({ ...at, environment: "staging" });
    return data.length === 1 && data[0].sha === merged;
  })],
  ["and the deployment's status is heard", async () => {
    const e = await heard("deployment_status", "created");
    assert.equal(e.payload.deployment_status.state, "success");
  }],
  ["every delivery was taken", async () => {
    await until("the last delivery", async () => (await world.do("deliveries")).every((d) => d.State === "delivered"));
  }],
  ["a redelivery has the id of before", async () => {
    const one = seen.find((x) => x.name === "pull_request" && x.action === "labeled");
    await world.do("redeliver", { id: one.id });
    await until("the redelivery", () => seen.filter((x) => x.id === one.id).length === 2);
  }],
  ["a forged delivery is refused", async () => {
    const before = seen.length;
    const r = await fetch(`http://127.0.0.1:${port}/hooks`, {
      method: "POST", body: "{}",
      headers: { "content-type": "application/json", "x-github-event": "ping", "x-github-delivery": "1", "x-hub-signature-256": "sha256=" + "0".repeat(64) },
    });
    assert.equal(r.status, 400);
    assert.equal(seen.length, before);
  }],
];

await play(steps, { world, close: () => server.stop() });
