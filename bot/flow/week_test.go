package flow_test

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/bot/when"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := when.ParseZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestParseWeek(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for week, want := range map[string]struct {
		from  string
		hours float64
	}{
		"2026-W40": {"2026-09-28T00:00:00+02:00", 168},
		"2026-w40": {"2026-09-28T00:00:00+02:00", 168},
		"2026-W01": {"2025-12-29T00:00:00+01:00", 168},
		"2026-W1":  {"2025-12-29T00:00:00+01:00", 168},
		"2026-W53": {"2026-12-28T00:00:00+01:00", 168}, // 2026 begins on a Thursday
		"2027-W01": {"2027-01-04T00:00:00+01:00", 168},
		"2026-W13": {"2026-03-23T00:00:00+01:00", 167}, // clocks go forward
		"2026-W43": {"2026-10-19T00:00:00+02:00", 169}, // and back
	} {
		from, to, err := flow.ParseWeek(week, berlin)
		if err != nil || !from.Equal(at(t, want.from)) || to.Sub(from).Hours() != want.hours {
			t.Errorf("%s: %v to %v (%v), %v", week, from, to, to.Sub(from), err)
		}
	}
}

func TestParseWeekRefuses(t *testing.T) {
	for week, says := range map[string]string{
		"":                         "2026-W40",
		"40":                       "2026-W40",
		"2026-40":                  "2026-W40",
		"2026W40":                  "2026-W40",
		"2026-W40-1":               "2026-W40",
		"W40-2026":                 "2026-W40",
		"2026-W040":                "2026-W40",
		" 2026-W40":                "2026-W40",
		"last week":                "2026-W40",
		"2026-W0":                  "no week 0: its weeks are 2026-W01 to 2026-W53",
		"2026-W00":                 "no week 0",
		"2025-W53":                 "no week 53: its weeks are 2025-W01 to 2025-W52",
		"2026-W54":                 "2026-W01 to 2026-W53",
		strings.Repeat("9", 10000): "2026-W40",
	} {
		_, _, err := flow.ParseWeek(week, nil)
		if err == nil || !strings.Contains(err.Error(), says) || len(err.Error()) > 200 {
			t.Errorf("%.20q: %v, want an error that says %q", week, err, says)
		}
	}
}

func FuzzParseWeek(f *testing.F) {
	f.Add("2026-W40")
	f.Add("0000-W01")
	f.Fuzz(func(t *testing.T, s string) {
		from, to, err := flow.ParseWeek(s, nil)
		if err == nil && (from.Weekday() != time.Monday || to.Sub(from) != 7*24*time.Hour) {
			t.Errorf("%q: %v to %v", s, from, to)
		}
	})
}

func TestWeekBefore(t *testing.T) {
	for when, want := range map[string]string{
		"2026-09-14T09:00:00+02:00": "2026-09-07T00:00:00+02:00", // on Monday morning, the week that just ended
		"2026-09-14T00:00:00+02:00": "2026-09-07T00:00:00+02:00",
		"2026-09-13T23:59:59+02:00": "2026-08-31T00:00:00+02:00",
		"2026-03-30T07:00:00Z":      "2026-03-23T00:00:00+01:00", // 167 hours
		"2026-01-02T12:00:00+01:00": "2025-12-22T00:00:00+01:00",
	} {
		from, to := flow.WeekBefore(at(t, when), zone(t, "Europe/Berlin"))
		if !from.Equal(at(t, want)) || to.Weekday() != time.Monday || to.Hour() != 0 || to.After(at(t, when)) {
			t.Errorf("before %s: %v to %v, want from %s", when, from, to, want)
		}
	}
}
