package config

// flow is the section of the flow policies. This version reads and checks it,
// and says that it does not act on it yet.
type flow struct {
	Wip    *wip    `yaml:"wip" jsonschema_description:"How many open changes an author may have."`
	Age    *age    `yaml:"age" jsonschema_description:"How long a change may stay open."`
	Plan   *plan   `yaml:"plan" jsonschema_description:"Each change names what it is for."`
	Review *review `yaml:"review" jsonschema_description:"Large changes need more eyes."`
}

type wip struct {
	Mode      string `yaml:"mode" jsonschema:"enum=off,enum=observe,enum=warn,enum=block" jsonschema_description:"What the policy may do."`
	PerAuthor int    `yaml:"per_author" jsonschema:"minimum=1,maximum=1000" jsonschema_description:"Open changes per author."`
}

type age struct {
	Mode  string   `yaml:"mode" jsonschema:"enum=off,enum=observe,enum=warn,enum=block" jsonschema_description:"What the policy may do."`
	Nudge duration `yaml:"nudge" jsonschema_description:"When the author is reminded."`
	Stale duration `yaml:"stale" jsonschema_description:"When the change counts as stale."`
}

type plan struct {
	Mode   string    `yaml:"mode" jsonschema:"enum=off,enum=observe,enum=warn,enum=block" jsonschema_description:"What the policy may do."`
	Issues bool      `yaml:"issues" jsonschema_description:"Issues on GitHub count."`
	Keys   []pattern `yaml:"keys" jsonschema_description:"Regular expressions of keys in other trackers."`
}

type review struct {
	OverLines int `yaml:"over_lines" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"Above so many lines."`
	Approvals int `yaml:"approvals" jsonschema:"minimum=1,maximum=20" jsonschema_description:"So many approvals."`
}

func (r *reader) flow() {
	if f := r.shape.Flow; f != nil && f.Age != nil && f.Age.Stale > 0 && f.Age.Nudge > f.Age.Stale {
		r.wrong("flow.age.stale", "is before nudge", "keep nudge <= stale")
	}
}
