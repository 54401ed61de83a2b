package slack

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	api "github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// advice for what Slack refuses and no repetition mends.
var advice = map[string]string{ //nolint:gosec // Slack's words about credentials, none of them one
	"channel_not_found":                   "there is no such channel, or it is private: invite the app with /invite @roundtrip",
	"not_in_channel":                      "invite the app with /invite @roundtrip",
	"is_archived":                         "name another channel under notify:",
	"invalid_auth":                        "the bot token is wrong: copy it anew from the app's page",
	"not_authed":                          "the bot token is missing: set ROUNDTRIP_SLACK_BOT_TOKEN",
	"not_allowed_token_type":              "it is no bot token: set ROUNDTRIP_SLACK_BOT_TOKEN to the one that begins with xoxb-",
	"account_inactive":                    "the app was removed from the workspace: install it again",
	"token_revoked":                       "the bot token was revoked: install the app again",
	"token_expired":                       "the bot token has expired: turn token rotation off and install the app again",
	"missing_scope":                       "add the scope on the app's page and install it again",
	"restricted_action":                   "the workspace does not let the app post there: ask its administrators",
	"no_permission":                       "the workspace does not let the app do that: ask its administrators",
	"cant_delete_message":                 "the workspace lets nobody delete messages: it stays there twice",
	"compliance_exports_prevent_deletion": "the workspace keeps all messages: it stays there twice",
	"msg_too_long":                        "the text is longer than Slack takes",
	"msg_blocks_too_long":                 "the message is longer than Slack takes",
	"invalid_blocks":                      "the message is not as Slack wants it",
	"invalid_blocks_format":               "the message is not as Slack wants it",
	"invalid_arguments":                   "the message is not as Slack wants it",
	"invalid_metadata_format":             "the message is not as Slack wants it",
	"no_text":                             "the message is empty",
}

// refusal puts Slack's errors into the engine's words. What is not known is
// tried again.
func refusal(doing string, err error) error {
	var limited *api.RateLimitedError
	var said api.SlackErrorResponse
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return bot.RetryAfter{After: limited.RetryAfter, Err: fmt.Errorf("%s: Slack asks to wait", doing)}
	case errors.As(err, &said):
		text := fmt.Errorf("%s: Slack says %s%s", doing, cut(said.Err, 100), details(said))
		if remedy, ok := advice[said.Err]; ok {
			if said.Err == "missing_scope" && said.Needed != "" {
				remedy = fmt.Sprintf("add the scope %s on the app's page and install it again", said.Needed)
			}
			return bot.Permanent{Err: fmt.Errorf("%w; %s", text, remedy)}
		}
		return text
	}
	return fmt.Errorf("%s: %w", doing, unaddressed(err))
}

// details are Slack's: which block of a message is wrong, and why.
func details(said api.SlackErrorResponse) string {
	if len(said.ResponseMetadata.Messages) == 0 {
		return ""
	}
	return " (" + cut(strings.Join(said.ResponseMetadata.Messages, ", "), 300) + ")"
}

// isGone: the message was deleted or may no longer be edited; a new one takes
// its place.
func isGone(err error) bool {
	var said api.SlackErrorResponse
	if !errors.As(err, &said) {
		return false
	}
	switch said.Err {
	case "message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed":
		return true
	}
	return false
}

// unaddressed drops the address from an error of net/http: a response_url is a
// secret of its own.
func unaddressed(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
