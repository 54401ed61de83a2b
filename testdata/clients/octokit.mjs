// GitHub's own client against the pretend GitHub.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Octokit } from "@octokit/rest";
import { createAppAuth } from "@octokit/auth-app";
import { sign, verify } from "@octokit/webhooks-methods";
import { start, play, until, refused, freePort } from "./world.mjs";

const world = await start();
const [owner, repo] = world.repo.split("/");
const at = { owner, repo };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const options = { baseUrl: world.github, log: quiet };
const auth = { appId: world.app_id, privateKey: world.key };
const app = new Octokit({ ...options, authStrategy: createAppAuth, auth });
const kit = new Octokit({ ...options, authStrategy: createAppAuth, auth: { ...auth, installationId: world.installation } });

const got = []; // webhooks
const port = await freePort();
const receiver = createServer((q, r) => {
  const parts = [];
  q.on("data", (b) => parts.push(b));
  q.on("end", () => {
    got.push({ headers: q.headers, body: Buffer.concat(parts).toString() });
    r.writeHead(202).end();
  });
}).listen(port, "127.0.0.1");

let pull, head, comment, run, deployment, etag, first;
const steps = [
  ["the app, by JWT", async () => {
    const { data } = await app.rest.apps.getAuthenticated();
    assert.equal(data.id, world.app_id);
  }],
  ["a wrong key is refused with 401", async () => {
    const { generateKeyPairSync } = await import("node:crypto");
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048, privateKeyEncoding: { type: "pkcs1", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" } });
    const other = new Octokit({ ...options, authStrategy: createAppAuth, auth: { ...auth, privateKey } });
    await refused(other.rest.apps.getAuthenticated(), 401);
  }],
  ["the installation of the repository", async () => {
    const { data } = await app.rest.apps.getRepoInstallation(at);
    assert.equal(data.id, world.installation);
  }],
  ["an installation's token, narrowed", async () => {
    const { data } = await app.rest.apps.createInstallationAccessToken({ installation_id: world.installation, repository_ids: [world.repo_id], permissions: { contents: "read" } });
    assert.match(data.token, /^ghs_/);
    const narrow = new Octokit({ ...options, auth: data.token });
    await refused(narrow.rest.issues.createComment({ ...at, issue_number: 1, body: "no" }), 403);
  }],
  ["repositories of the installation", async () => {
    const { data } = await kit.rest.apps.listReposAccessibleToInstallation();
    assert.deepEqual(data.repositories.map((r) => r.full_name), [world.repo]);
  }],
  ["the repository", async () => {
    const { data } = await kit.rest.repos.get(at);
    assert.equal(data.default_branch, "main");
  }],
  ["a webhook, signed", async () => {
    await world.do("hooks", { text: `http://127.0.0.1:${port}/` });
    pull = await world.do("open", { by: "alice", title: "Gifts", text: "For #1", branch: "gifts", files: { "shop/gift.go": "package shop\n", "shop/cart.go": "package shop\n\nvar Items = 2\n" } });
    const hook = await until("pull_request", () => got.find((h) => h.headers["x-github-event"] === "pull_request"));
    assert.equal(await verify(world.webhook_secret, hook.body, hook.headers["x-hub-signature-256"]), true);
    assert.equal(await sign(world.webhook_secret, hook.body), hook.headers["x-hub-signature-256"]);
    assert.equal(await verify("another secret", hook.body, hook.headers["x-hub-signature-256"]), false);
    assert.equal(JSON.parse(hook.body).pull_request.number, pull);
  }],
  ["deliveries of the hook, and one with its payload", async () => {
    const { data } = await app.rest.apps.listWebhookDeliveries();
    first = data.find((d) => d.event === "pull_request");
    const one = await app.rest.apps.getWebhookDelivery({ delivery_id: first.id });
    assert.equal(one.data.request.payload.number, pull);
    assert.equal(one.data.guid, first.guid);
  }],
  ["a redelivery has the same guid", async () => {
    const before = got.length;
    const { status } = await app.rest.apps.redeliverWebhookDelivery({ delivery_id: first.id });
    assert.equal(status, 202);
    await until("the redelivery", () => got.slice(before).find((h) => h.headers["x-github-delivery"] === first.guid));
  }],
  ["the pull request", async () => {
    const { data } = await kit.rest.pulls.get({ ...at, pull_number: pull });
    assert.equal(data.user.login, "alice");
    assert.equal(data.changed_files, 2);
    head = data.head.sha;
  }],
  ["open pull requests by head", async () => {
    const { data } = await kit.rest.pulls.list({ ...at, head: `${owner}:gifts`, state: "open" });
    assert.deepEqual(data.map((p) => p.number), [pull]);
  }],
  ["its files, with patches", async () => {
    const { data } = await kit.rest.pulls.listFiles({ ...at, pull_number: pull });
    assert.deepEqual(data.map((f) => [f.filename, f.status]), [["shop/cart.go", "modified"], ["shop/gift.go", "added"]]);
    assert.match(data[0].patch, /^@@ -1,3 \+1,3 @@/);
  }],
  ["its commits", async () => {
    const { data } = await kit.rest.pulls.listCommits({ ...at, pull_number: pull });
    assert.equal(data.at(-1).sha, head);
  }],
  ["compare", async () => {
    const { data } = await kit.rest.repos.compareCommitsWithBasehead({ ...at, basehead: `main...${head}` });
    assert.equal(data.status, "ahead");
    assert.equal(data.total_commits, 1);
  }],
  ["contents, decoded and raw", async () => {
    const { data } = await kit.rest.repos.getContent({ ...at, path: "shop/cart.go" });
    assert.equal(Buffer.from(data.content, "base64").toString(), "package shop\n\nvar Items = 1\n");
    const raw = await kit.rest.repos.getContent({ ...at, path: "shop/cart.go", ref: head, mediaType: { format: "raw" } });
    assert.equal(raw.data, "package shop\n\nvar Items = 2\n");
  }],
  ["what is not there is 404 with GitHub's words", async () => {
    const err = await refused(kit.rest.repos.getContent({ ...at, path: "nowhere" }), 404);
    assert.equal(err.response.data.message, "Not Found");
    assert.ok(err.response.data.documentation_url);
  }],
  ["a comment is made, edited and read", async () => {
    comment = (await kit.rest.issues.createComment({ ...at, issue_number: pull, body: "one" })).data;
    assert.equal(comment.user.login, world.bot);
    await kit.rest.issues.updateComment({ ...at, comment_id: comment.id, body: "two" });
    assert.equal((await kit.rest.issues.getComment({ ...at, comment_id: comment.id })).data.body, "two");
  }],
  ["thirty more comments on two pages", async () => {
    for (let i = 0; i < 30; i++) await world.do("comment", { by: "bob", number: pull, text: `no. ${i}` });
    const all = await kit.paginate(kit.rest.issues.listComments, { ...at, issue_number: pull, per_page: 20 });
    assert.equal(all.length, 31);
    const page = await kit.rest.issues.listComments({ ...at, issue_number: pull, per_page: 20 });
    assert.match(page.headers.link, /rel="next".*rel="last"/);
  }],
  ["a reaction, once", async () => {
    const made = await kit.rest.reactions.createForIssueComment({ ...at, comment_id: comment.id, content: "eyes" });
    assert.equal(made.status, 201);
    const again = await kit.rest.reactions.createForIssueComment({ ...at, comment_id: comment.id, content: "eyes" });
    assert.equal(again.status, 200);
    const { data } = await kit.rest.reactions.listForIssueComment({ ...at, comment_id: comment.id });
    assert.deepEqual(data.map((r) => r.content), ["eyes"]);
  }],
  ["a wrong reaction is 422", async () => {
    await refused(kit.rest.reactions.createForIssueComment({ ...at, comment_id: comment.id, content: "applause" }), 422);
  }],
  ["a check run that is begun and ends", async () => {
    run = (await kit.rest.checks.create({ ...at, name: "octokit", head_sha: head, status: "in_progress", output: { title: "Looks", summary: "…" } })).data;
    assert.equal(run.conclusion, null);
    const { data } = await kit.rest.checks.update({ ...at, check_run_id: run.id, status: "completed", conclusion: "success", output: { title: "Fine", summary: "All **good**" } });
    assert.equal(data.conclusion, "success");
    assert.ok(data.completed_at);
  }],
  ["check runs of the commit by name", async () => {
    await world.do("check", { sha: head, check: "unit", status: "completed", conclusion: "failure" });
    const { data } = await kit.rest.checks.listForRef({ ...at, ref: head, check_name: "octokit" });
    assert.deepEqual([data.total_count, data.check_runs[0].output.title], [1, "Fine"]);
    const all = await kit.paginate(kit.rest.checks.listForRef, { ...at, ref: "gifts" });
    assert.deepEqual(all.map((r) => r.name).sort(), ["octokit", "unit"]);
  }],
  ["a check without a commit is 422", async () => {
    await refused(kit.rest.checks.create({ ...at, name: "octokit", head_sha: "0".repeat(40) }), 422);
  }],
  ["somebody else's check may not be changed", async () => {
    const { data } = await kit.rest.checks.listForRef({ ...at, ref: head, check_name: "unit" });
    await refused(kit.rest.checks.update({ ...at, check_run_id: data.check_runs[0].id, conclusion: "success" }), 403);
  }],
  ["a commit status, combined", async () => {
    await kit.rest.repos.createCommitStatus({ ...at, sha: head, state: "success", context: "old/style" });
    const { data } = await kit.rest.repos.getCombinedStatusForRef({ ...at, ref: head });
    assert.deepEqual([data.state, data.statuses[0].context], ["success", "old/style"]);
  }],
  ["a deployment and its status", async () => {
    deployment = (await kit.rest.repos.createDeployment({ ...at, ref: head, environment: "staging", auto_merge: false, required_contexts: [], payload: { by: "octokit" } })).data;
    assert.equal(deployment.payload.by, "octokit");
    await kit.rest.repos.createDeploymentStatus({ ...at, deployment_id: deployment.id, state: "in_progress" });
    await kit.rest.repos.createDeploymentStatus({ ...at, deployment_id: deployment.id, state: "success" });
    const { data } = await kit.rest.repos.listDeploymentStatuses({ ...at, deployment_id: deployment.id });
    assert.deepEqual(data.map((s) => s.state), ["success", "in_progress"]);
  }],
  ["deployments by environment", async () => {
    const { data } = await kit.rest.repos.listDeployments({ ...at, environment: "staging" });
    assert.deepEqual(data.map((d) => d.id), [deployment.id]);
    assert.equal((await kit.rest.repos.listDeployments({ ...at, environment: "moon" })).data.length, 0);
  }],
  ["a state that is none is 422", async () => {
    const err = await refused(kit.rest.repos.createDeploymentStatus({ ...at, deployment_id: deployment.id, state: "splendid" }), 422);
    assert.ok(err.response.data.message);
  }],
  ["an ETag, and 304 to who has it", async () => {
    etag = (await kit.rest.repos.getBranch({ ...at, branch: "main" })).headers.etag;
    assert.match(etag, /^W\/"/);
    await refused(kit.rest.repos.getBranch({ ...at, branch: "main", headers: { "if-none-match": etag } }), 304);
  }],
  ["what changed has another ETag", async () => {
    await world.do("push", { by: "bob", branch: "main", title: "On main", files: { "notes.txt": "x\n" } });
    const { status, headers } = await kit.rest.repos.getBranch({ ...at, branch: "main", headers: { "if-none-match": etag } });
    assert.equal(status, 200);
    assert.notEqual(headers.etag, etag);
  }],
  ["who may do what", async () => {
    const { data } = await kit.rest.repos.getCollaboratorPermissionLevel({ ...at, username: "alice" });
    assert.deepEqual([data.permission, data.role_name], ["write", "write"]);
  }],
  ["the rate limit is told", async () => {
    const { data } = await kit.rest.rateLimit.get();
    assert.equal(data.resources.core.limit, 5000);
    assert.ok(data.resources.core.remaining < 5000);
  }],
  ["pull requests of a merge commit", async () => {
    const sha = await world.do("merge", { number: pull, by: "alice" });
    const { data } = await kit.rest.repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: sha });
    assert.deepEqual(data.map((p) => [p.number, p.merge_commit_sha]), [[pull, sha]]);
  }],
  ["GraphQL: a revert of it", async () => {
    const { data } = await kit.rest.pulls.get({ ...at, pull_number: pull });
    const made = await kit.graphql(`mutation($id: ID!) { revertPullRequest(input: {pullRequestId: $id}) { revertPullRequest { number title headRefName } } }`, { id: data.node_id });
    assert.deepEqual(made.revertPullRequest.revertPullRequest, { number: pull + 1, title: 'Revert "Gifts"', headRefName: `revert-${pull}-gifts` });
  }],
  ["GraphQL: errors are thrown", async () => {
    await assert.rejects(kit.graphql(`{ viewer { shoeSize } }`), (err) => err.name === "GraphqlResponseError" && /shoeSize/.test(err.message));
  }],
  ["a token that is none is refused with 401", async () => {
    await refused(new Octokit({ ...options, auth: "ghs_wrong" }).rest.repos.get(at), 401);
  }],
];

await play(steps, { world, close: async () => receiver.close() });
