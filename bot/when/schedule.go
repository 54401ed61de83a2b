package when

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zones decide when things happen; a bare container has none

	"github.com/robfig/cron/v3"
)

// Schedule says when something starts: five cron fields in a zone. The zero
// value is no schedule; make one with ParseSchedule.
//
// Where clocks change, every start happens once: one inside the hour that is
// left out in spring comes at the first instant after it, one inside the hour
// that comes twice in autumn happens the first time.
type Schedule struct {
	spec cron.Schedule
	zone *time.Location
	text string
}

// ParseSchedule reads five cron fields, "0 9 * * MON-THU", and the name of a
// zone, "Europe/Berlin". It refuses seconds, @shorthands, a zone inside the
// fields, unknown zones and schedules that never start within five years.
func ParseSchedule(fields, zone string) (Schedule, error) {
	loc, err := ParseZone(zone)
	if err != nil {
		return Schedule{}, err
	}
	spec, err := parseFields(fields)
	if err != nil {
		return Schedule{}, err
	}
	// The zone does not matter here, nor does the year: whether a date exists
	// is the same in any five years without a skipped leap day.
	if spec.Next(time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Schedule{}, fmt.Errorf("cron %q names a date that never comes", fields)
	}
	return Schedule{spec: spec, zone: loc, text: fields + " " + zone}, nil
}

// ParseZone finds a zone by its name in the IANA database: "Europe/Berlin",
// "UTC". The server's own zone is not a name: it moves with the server.
func ParseZone(name string) (*time.Location, error) {
	if name == "" || strings.EqualFold(name, "local") || len(name) > 64 {
		return nil, errors.New("a zone such as Europe/Berlin or UTC must be named")
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("zone %s is not known", quote(name))
	}
	return loc, nil
}

// parseFields guards the cron parser, which takes zones where we do not want
// them and panics on some of them.
func parseFields(fields string) (spec cron.Schedule, err error) {
	defer func() {
		if r := recover(); r != nil {
			spec, err = nil, fmt.Errorf("cron %s cannot be read", quote(fields))
		}
	}()
	if len(fields) > 200 {
		return nil, fmt.Errorf("cron %s is too long", quote(fields))
	}
	if strings.Contains(fields, "=") {
		return nil, fmt.Errorf("cron %s must not name a zone; give the zone beside it", quote(fields))
	}
	if n := len(strings.Fields(fields)); n != 5 {
		return nil, fmt.Errorf("cron %s has %d fields, not the five: minute hour day month weekday", quote(fields), n)
	}
	p := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)
	// UTC because we compute on wall times; see wall.go.
	spec, err = p.Parse("TZ=UTC " + fields)
	if err != nil {
		return nil, fmt.Errorf("cron %s: %w", quote(fields), err)
	}
	return spec, nil
}

// IsZero reports whether s is no schedule.
func (s Schedule) IsZero() bool { return s.spec == nil }

// String is the fields and the zone.
func (s Schedule) String() string { return s.text }

// Zone is where the schedule's clocks hang; UTC for no schedule.
func (s Schedule) Zone() *time.Location {
	if s.zone == nil {
		return time.UTC
	}
	return s.zone
}

// Next is the first start after the given time. It is never the zero time; no
// schedule starts a century later, which is to say never.
func (s Schedule) Next(after time.Time) time.Time {
	if s.IsZero() {
		return after.AddDate(100, 0, 0)
	}
	wall := wallOf(after, s.zone)
	for {
		wall = nextWall(s.spec, wall)
		// In the hour that comes twice, the wall's time was already used.
		if t := instantOf(wall, s.zone); t.After(after) {
			return t
		}
	}
}

// nextWall looks further than the five years of the cron library: the turn of
// a century leaves out a leap day, and so eight years pass between two.
func nextWall(spec cron.Schedule, wall time.Time) time.Time {
	for from := wall; ; from = from.AddDate(4, 0, 0) {
		if next := spec.Next(from); !next.IsZero() {
			return next
		}
	}
}
