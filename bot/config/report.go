package config

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// report is what managers get, and what it counts.
type report struct {
	Weekly   *weekly  `yaml:"weekly" jsonschema_description:"When the flow report is due, and who gets it."`
	Calendar calendar `yaml:"calendar" jsonschema_description:"When the team works; Monday to Friday, 09:00-17:00 unless given."`
	Failure  failure  `yaml:"failure" jsonschema_description:"What counts as a failed deployment."`
}

type weekly struct {
	Cron string      `yaml:"cron" jsonschema:"required" jsonschema_description:"Five cron fields."`
	Zone string      `yaml:"zone" jsonschema:"required" jsonschema_description:"Where the clock hangs: Europe/Berlin, UTC."`
	To   []recipient `yaml:"to" jsonschema:"required" jsonschema_description:"slack:#channel or mail:address."`
}

type calendar struct {
	Days  []string `yaml:"days" jsonschema:"enum=mon,enum=tue,enum=wed,enum=thu,enum=fri,enum=sat,enum=sun" jsonschema_description:"Working days."`
	Hours hours    `yaml:"hours" jsonschema_description:"Working hours: 08:00-18:00."`
	Zone  string   `yaml:"zone" jsonschema_description:"Where the clock hangs; that of weekly unless given."`
}

type failure struct {
	Window duration `yaml:"window" jsonschema_description:"A rollback so long after counts against the deployment; 24h unless given."`
}

// Calendar is when a team works. Times outside it are left out where the
// report counts working time.
type Calendar struct {
	Days  []time.Weekday `json:"days"`
	Hours Hours          `json:"hours"`
	Zone  string         `json:"zone"`
}

// Hours of a working day, counted from midnight on the wall's clock.
type Hours struct {
	From time.Duration `json:"from"`
	To   time.Duration `json:"to"` // exclusive; at most 24 h
}

// hours is "08:00-18:00".
type hours Hours

const hoursPattern = `^([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)$`

func (h *hours) setText(s string) error {
	f := fault{quote(s) + " are not hours of one day", `write "08:00-18:00", in quotes`}
	if !regexp.MustCompile(hoursPattern).MatchString(s) {
		return f
	}
	h.From, h.To = sinceMidnight(s[:5]), sinceMidnight(s[6:])
	if h.From >= h.To {
		return f
	}
	return nil
}

func sinceMidnight(s string) time.Duration {
	var hour, minute int
	if _, err := fmt.Sscanf(s, "%d:%d", &hour, &minute); err != nil {
		return 0
	}
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
}

func defaultCalendar() Calendar {
	return Calendar{Days: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
		Hours: Hours{9 * time.Hour, 17 * time.Hour}, Zone: "UTC"}
}

func (r *reader) weekly() *bot.Schedule {
	w := r.shape.Report.Weekly
	if w == nil {
		return nil
	}
	r.schedule("report.weekly", w.Cron, w.Zone)
	return &bot.Schedule{Cron: w.Cron, Zone: w.Zone, To: texts(w.To)}
}

func (r *reader) calendar() Calendar {
	given, out := r.shape.Report.Calendar, defaultCalendar()
	if len(given.Days) > 0 {
		out.Days = weekdays(given.Days)
	}
	if given.Hours.To > 0 {
		out.Hours = Hours(given.Hours)
	}
	if w := r.shape.Report.Weekly; w != nil {
		out.Zone = or(w.Zone, out.Zone)
	}
	r.schedule("report.calendar", "", given.Zone)
	out.Zone = or(given.Zone, out.Zone)
	return out
}

func weekdays(names []string) []time.Weekday {
	var days []time.Weekday
	for i, n := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		if slices.Contains(names, n) {
			days = append(days, time.Weekday(i))
		}
	}
	return days
}
