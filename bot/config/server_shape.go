package config

import "github.com/roundtrip-bot/roundtrip/bot"

// setting is one word from the environment or the file, secret a hidden one.
type setting string

func (s *setting) setText(text string) error { *s = setting(text); return nil }

// serverShape is the server's file as the operator writes it; every setting
// and secret is also ROUNDTRIP_ and its name in the environment.
type serverShape struct {
	Listen                 setting `yaml:"listen" default:"127.0.0.1:8080" jsonschema_description:"host:port of hooks and pages."`
	URL                    setting `yaml:"url" jsonschema_description:"How people reach us; http:// and listen unless given."`
	PagesURL               setting `yaml:"pages_url" jsonschema_description:"How people reach the bot's own pages, as by a proxy before admin_listen that asks who they are; given, GitHub's deployments lead there."`
	DatabaseURL            Secret  `yaml:"database_url" default:"sqlite:roundtrip.db" jsonschema_description:"sqlite:FILE, which one server works on, or postgres://name:password@host:5432/database, which any number share; PostgreSQL 15 or newer."`
	KeepDeliveries         setting `yaml:"keep_deliveries" default:"30d" jsonschema_description:"How long what was sent with a delivery, and what was written because of it, is kept after it was handled, at most 90d; that it came is kept for ever."`
	GithubAPIURL           setting `yaml:"github_api_url" default:"https://api.github.com/" jsonschema_description:"GitHub's API; another address for GitHub Enterprise Server."`
	GithubAppID            setting `yaml:"github_app_id" jsonschema_description:"The app's number, from its settings page. Required."`
	GithubPrivateKey       Secret  `yaml:"github_private_key" jsonschema_description:"The app's private key, PEM. Required."`
	GithubWebhookSecret    Secret  `yaml:"github_webhook_secret" jsonschema_description:"The app's webhook secret, at least 32 bytes. Required."`
	GithubWebhookSecretOld Secret  `yaml:"github_webhook_secret_old" jsonschema_description:"Accepted beside github_webhook_secret while the secret is being changed."`
	GithubEvents           setting `yaml:"github_events" default:"webhook" jsonschema_description:"webhook, or poll: what GitHub sent is asked for, and nobody need reach us. With Slack's Socket Mode (slack_app_token) there is no inbound port then."`
	GithubPollEvery        setting `yaml:"github_poll_every" default:"8s" jsonschema_description:"How often poll asks whether there is something new, from 1s to 10m; most of these questions cost nothing of GitHub's limit."`
	SlackAPIURL            setting `yaml:"slack_api_url" default:"https://slack.com/api/" jsonschema_description:"Slack's API."`
	SlackBotToken          Secret  `yaml:"slack_bot_token" jsonschema_description:"xoxb-…; without it there is no Slack."`
	SlackSigningSecret     Secret  `yaml:"slack_signing_secret" jsonschema_description:"The Slack app's signing secret; needed with the bot token."`
	SlackAppToken          Secret  `yaml:"slack_app_token" jsonschema_description:"xapp-…; Socket Mode when set."`
	Mode                   setting `yaml:"mode" default:"enforce" jsonschema_description:"enforce, or observe: nothing unsolicited is written."`
	AdminListen            setting `yaml:"admin_listen" default:"127.0.0.1:8081" jsonschema_description:"host:port of /metrics and pprof; not for the internet."`
	AdminActions           setting `yaml:"admin_actions" default:"off" jsonschema_description:"on: /deliveries at admin_listen has buttons, by which whoever reaches it has what failed tried again and says what became of an order in doubt; nobody is asked who they are. off: it shows, and changes nothing."`
	EncryptionKey          Secret  `yaml:"encryption_key" jsonschema_description:"At least 32 bytes; encrypts and signs what we store with others."`
	OauthClientID          setting `yaml:"oauth_client_id" jsonschema_description:"For signing in to our pages."`
	OauthClientSecret      Secret  `yaml:"oauth_client_secret" jsonschema_description:"For signing in to our pages."`
	SMTPURL                Secret  `yaml:"smtp_url" jsonschema_description:"smtp://name:password@host:port or smtps://…, for reports by mail."`

	DatabaseURLFile            setting `yaml:"database_url_file" of:"database_url"`
	GithubPrivateKeyFile       setting `yaml:"github_private_key_file" of:"github_private_key"`
	GithubWebhookSecretFile    setting `yaml:"github_webhook_secret_file" of:"github_webhook_secret"`
	GithubWebhookSecretOldFile setting `yaml:"github_webhook_secret_old_file" of:"github_webhook_secret_old"`
	SlackBotTokenFile          setting `yaml:"slack_bot_token_file" of:"slack_bot_token"`
	SlackSigningSecretFile     setting `yaml:"slack_signing_secret_file" of:"slack_signing_secret"`
	SlackAppTokenFile          setting `yaml:"slack_app_token_file" of:"slack_app_token"`
	EncryptionKeyFile          setting `yaml:"encryption_key_file" of:"encryption_key"`
	OauthClientSecretFile      setting `yaml:"oauth_client_secret_file" of:"oauth_client_secret"`
	SMTPURLFile                setting `yaml:"smtp_url_file" of:"smtp_url"`

	Endpoints map[name]endpoint `yaml:"endpoints" jsonschema_description:"What a repository's file may name as executor or source."`
	Commands  map[name]command  `yaml:"commands" jsonschema_description:"Programs that a repository's file may name."`
	Hosts     []hostName        `yaml:"hosts" jsonschema_description:"Hosts that the addresses in a repository's file may have; *.example.com for all below."`
	People    []person          `yaml:"people" jsonschema_description:"Who is who in Slack and on GitHub."`
}

type endpoint struct {
	Type         string   `yaml:"type" jsonschema:"required,enum=http,enum=scrape,enum=prometheus" jsonschema_description:"http puts stages in place; scrape and prometheus are sources of metrics."`
	URL          address  `yaml:"url" jsonschema_description:"Its address; not for scrape."`
	Secret       Secret   `yaml:"secret" jsonschema_description:"For http: signs what we send, at least 32 bytes. For prometheus: a bearer token, if it wants one."`
	SecretFile   setting  `yaml:"secret_file" jsonschema_description:"A file that holds the secret."`
	Stable       places   `yaml:"stable" jsonschema_description:"For scrape: addresses of the old one's /metrics."`
	Canary       places   `yaml:"canary" jsonschema_description:"For scrape: addresses of the new one's /metrics."`
	Repositories []glob   `yaml:"repositories" jsonschema:"required" jsonschema_description:"Who may use it: globs of owner/name."`
	Timeout      duration `yaml:"timeout" jsonschema_description:"Of one request; 10s unless given."`
}

type command struct {
	Run          []string `yaml:"run" jsonschema:"required" jsonschema_description:"The program, by its whole path, and its arguments."`
	Repositories []glob   `yaml:"repositories" jsonschema:"required" jsonschema_description:"Who may use it: globs of owner/name."`
	Timeout      duration `yaml:"timeout" jsonschema_description:"Of one run; 20m unless given."`
}

type person struct {
	Slack  memberID `yaml:"slack" jsonschema:"required" jsonschema_description:"Member id in Slack: U0ALICE001."`
	Github login    `yaml:"github" jsonschema:"required" jsonschema_description:"Login on GitHub."`
}

func (p person) compile() bot.Person {
	return bot.Person{Slack: string(p.Slack), Login: bot.Login(p.Github)}
}

// places are one address or several.
type places struct{ all []address }

func (p *places) list() any { return &p.all }

func (p *places) setText(s string) error {
	var a address
	if err := a.setText(s); err != nil {
		return err
	}
	p.all = []address{a}
	return nil
}
