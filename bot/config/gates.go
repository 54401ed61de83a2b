package config

import (
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/when"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// gates are what must hold before a stage starts; what is not named is not asked.
type gates struct {
	Checks        checks      `yaml:"checks" jsonschema_description:"required (by protection and rulesets), or names of checks that passed on the commit."`
	Review        *gateReview `yaml:"review" jsonschema_description:"Approvals of the change."`
	Fresh         *fresh      `yaml:"fresh" jsonschema_description:"Never silently take back somebody else's change."`
	Batch         *gateBatch  `yaml:"batch" jsonschema_description:"How much goes out at once."`
	MainGreen     bool        `yaml:"main_green" jsonschema_description:"main must be green."`
	RollbackReady bool        `yaml:"rollback_ready" jsonschema_description:"There must be something to go back to."`
}

type gateReview struct {
	Approvals  int  `yaml:"approvals" jsonschema:"minimum=1,maximum=20" jsonschema_description:"So many approvals."`
	Codeowners bool `yaml:"codeowners" jsonschema_description:"By the owners of the touched files."`
}

type fresh struct {
	Against []string `yaml:"against" jsonschema:"required,enum=main,enum=running" jsonschema_description:"What the commit must contain."`
}

type gateBatch struct {
	Changes int `yaml:"changes" jsonschema:"minimum=1,maximum=10000" jsonschema_description:"At most so many changes."`
	Lines   int `yaml:"lines" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"At most so many lines."`
}

func (g gates) compile() deploy.Gates {
	return deploy.Gates{Checks: texts(g.Checks.names), Required: g.Checks.word == "required", MainOK: g.MainGreen}
}

type approve struct {
	Count int      `yaml:"count" jsonschema:"required,minimum=1,maximum=20" jsonschema_description:"So many people."`
	Teams []name   `yaml:"teams" jsonschema_description:"Of these teams."`
	Not   []string `yaml:"not" jsonschema:"enum=author,enum=requester,enum=last_pusher" jsonschema_description:"Whose own word does not count."`
}

type may struct {
	Deploy   permission `yaml:"deploy" jsonschema_description:"Who may deploy; role write unless given."`
	Rollback permission `yaml:"rollback" jsonschema_description:"Who may go back; role write unless given."`
	Override *override  `yaml:"override" jsonschema_description:"Who may start it although a gate fails."`
}

type permission struct {
	Teams []name `yaml:"teams" jsonschema_description:"Members of these teams."`
	Role  string `yaml:"role" jsonschema:"enum=triage,enum=write,enum=maintain,enum=admin" jsonschema_description:"Everybody with this role or a stronger one."`
}

type override struct {
	Teams []name `yaml:"teams" jsonschema:"required" jsonschema_description:"Members of these teams."`
	Count int    `yaml:"count" jsonschema:"minimum=1,maximum=20" jsonschema_description:"So many of them."`
}

func (p permission) compile() deploy.Permission {
	return deploy.Permission{Role: bot.ParseRole(or(p.Role, "write"))}
}

type windows struct {
	Allow []allow `yaml:"allow" jsonschema_description:"It may start only then."`
	Deny  []deny  `yaml:"deny" jsonschema_description:"It may not start then."`
}

type allow struct {
	Cron string   `yaml:"cron" jsonschema:"required" jsonschema_description:"When the window opens: five cron fields."`
	For  duration `yaml:"for" jsonschema:"required" jsonschema_description:"How long it is open."`
	Zone string   `yaml:"zone" jsonschema:"required" jsonschema_description:"Where the clock hangs: Europe/Berlin, UTC."`
}

type deny struct {
	From   instant `yaml:"from" jsonschema:"required" jsonschema_description:"Beginning, with its zone."`
	To     instant `yaml:"to" jsonschema:"required" jsonschema_description:"End, with its zone."`
	Reason string  `yaml:"reason" jsonschema_description:"What people are told."`
}

type lock struct {
	Owner     string   `yaml:"owner" jsonschema:"enum=change,enum=person" jsonschema_description:"Whose the lock is."`
	For       duration `yaml:"for" jsonschema_description:"It ends after this long."`
	ReleaseOn []string `yaml:"release_on" jsonschema:"enum=merge,enum=close" jsonschema_description:"What else ends it."`
}

type queue struct {
	Max      int  `yaml:"max" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"At most so many wait."`
	Coalesce bool `yaml:"coalesce" jsonschema_description:"A newer release takes the place of an older one that waits."`
}

func (r *reader) windows(path string, w *windows) {
	if w == nil {
		return
	}
	for i, a := range w.Allow {
		r.schedule(item(path+".windows.allow", i), a.Cron, a.Zone)
	}
	for i, d := range w.Deny {
		if !d.From.IsZero() && !d.To.IsZero() && !d.From.Before(d.To.Time) {
			r.wrong(item(path+".windows.deny", i)+".to", "is not after from", "swap them")
		}
	}
}

// schedule checks cron and zone below path; what is missing was told already.
func (r *reader) schedule(path, cron, zone string) {
	if zone != "" {
		if _, err := when.ParseZone(zone); err != nil {
			r.wrong(path+".zone", err.Error(), "write a name from the IANA database: Europe/Berlin, UTC")
		}
	}
	if cron != "" {
		if _, err := when.ParseSchedule(cron, "UTC"); err != nil {
			r.wrong(path+".cron", err.Error(), `write five fields: "0 9 * * MON-FRI"`)
		}
	}
}

func span(d duration, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return time.Duration(d)
}
