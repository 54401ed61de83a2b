package flow

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var weekForm = regexp.MustCompile(`^([0-9]{4})-[Ww]([0-9]{1,2})$`)

// ParseWeek reads an ISO 8601 week, "2026-W40", and returns its bounds in a
// zone: Monday 00:00 to the next Monday 00:00. Around a change of clocks that
// is 167 or 169 hours. A nil zone is UTC.
func ParseWeek(s string, zone *time.Location) (from, to time.Time, err error) {
	m := weekForm.FindStringSubmatch(s)
	if m == nil {
		return from, to, fmt.Errorf("%.40q is not a week: write the year and the week as 2026-W40", s)
	}
	year, _ := strconv.Atoi(m[1])
	week, _ := strconv.Atoi(m[2])
	if last := weeksIn(year); week < 1 || week > last {
		return from, to, fmt.Errorf("%d has no week %d: its weeks are %04d-W01 to %04d-W%02d", year, week, year, year, last)
	}
	if zone == nil {
		zone = time.UTC
	}
	// 4 January is always in the first week.
	first := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC)
	day := 4 - sinceMonday(first) + 7*(week-1)
	from = time.Date(year, time.January, day, 0, 0, 0, 0, zone)
	return from, time.Date(year, time.January, day+7, 0, 0, 0, 0, zone), nil
}

// WeekBefore is the last full ISO week before a moment, in a zone; nil is UTC.
func WeekBefore(at time.Time, zone *time.Location) (from, to time.Time) {
	if zone == nil {
		zone = time.UTC
	}
	at = at.In(zone)
	monday := at.Day() - sinceMonday(at)
	return time.Date(at.Year(), at.Month(), monday-7, 0, 0, 0, 0, zone), time.Date(at.Year(), at.Month(), monday, 0, 0, 0, 0, zone)
}

// weeksIn a year: 28 December is always in the last.
func weeksIn(year int) int {
	_, week := time.Date(year, time.December, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	return week
}

func sinceMonday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// name says a period: the ISO week if it is one, else its days.
func (p Period) name() string {
	last := p.To.Add(-time.Nanosecond)
	days := fmt.Sprintf("%s to %s", p.From.Format("Mon 2 Jan"), last.Format("Mon 2 Jan 2006"))
	year, week := p.From.ISOWeek()
	if from, to, err := ParseWeek(fmt.Sprintf("%04d-W%02d", year, week), p.From.Location()); err == nil && from.Equal(p.From) && to.Equal(p.To) {
		return fmt.Sprintf("Week %04d-W%02d, %s", year, week, days)
	}
	return days
}

// what the report is about: the repository, the service and the environment.
func (p Period) what() string {
	service, environment := p.Service, p.Environment
	if service == "" {
		service = "all services"
	}
	if environment == "" {
		environment = "all environments"
	}
	what := fmt.Sprintf("%s in %s", service, environment)
	if p.Repo == "" { // nothing is known of any
		return what
	}
	return string(p.Repo) + ": " + what
}
