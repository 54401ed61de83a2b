package bot

// Block is a piece of a chat message. Text is plain text with `code` and
// *bold* in Slack's markup; what comes from strangers must be escaped before.
type Block struct {
	Kind   BlockKind `json:"kind"`
	Text   string    `json:"text,omitempty"`
	Fields []string  `json:"fields,omitempty"`
	// Buttons of an Actions block.
	Buttons []Button `json:"buttons,omitempty"`
}

// Button of a message. Who presses it is asked who they are then, not when it
// was drawn.
type Button struct {
	Verb    string `json:"verb"`  // "promote"
	Label   string `json:"label"` // plain text
	Value   string `json:"value"` // what it is about, as of now: a later press is told that it is stale
	Danger  bool   `json:"danger,omitempty"`
	Confirm string `json:"confirm,omitempty"` // asked before; plain text
}

// BlockKind is what a block looks like.
type BlockKind string

// Kinds of blocks.
const (
	Header  BlockKind = "header"  // plain text
	Section BlockKind = "section" // Slack's markup
	Fields  BlockKind = "fields"  // up to ten pairs of short texts
	Context BlockKind = "context" // small print
	Actions BlockKind = "actions" // buttons
)

// KeepMessage keeps one chat message up to date: the one of its place in a
// channel. With Thread it is a reply to the message of that place.
type KeepMessage struct {
	Repo    RepoRef `json:"repo"`
	Channel string  `json:"channel"` // "#shop" or a channel id
	Place   string  `json:"place"`
	Thread  string  `json:"thread,omitempty"`
	Text    string  `json:"text"` // what a notification shows
	Blocks  []Block `json:"blocks,omitempty"`
}

// Kind is "message".
func (KeepMessage) Kind() string { return "message" }

// Key is the channel and the place.
func (e KeepMessage) Key() string { return e.Channel + "/" + e.Place }

// Group keeps a thread in order, the parent first.
func (e KeepMessage) Group() string {
	if e.Thread != "" {
		return "message/" + e.Channel + "/" + e.Thread
	}
	return "message/" + e.Channel + "/" + e.Place
}

// Whisper answers a command in chat, to the one who gave it.
type Whisper struct {
	Command string  `json:"command"` // the delivery that asked
	URL     string  `json:"url"`     // Slack's response_url
	Text    string  `json:"text"`
	Blocks  []Block `json:"blocks,omitempty"`
}

// Kind is "whisper".
func (Whisper) Kind() string { return "whisper" }

// Key is the command.
func (e Whisper) Key() string { return e.Command }

// Anew is Nothing: whoever got the answer may have it twice, and nobody else
// can see it or take it away.
func (Whisper) Anew() Anew { return Nothing }
