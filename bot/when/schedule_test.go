package when_test

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/when"
)

func TestNext(t *testing.T) {
	for name, c := range map[string]struct{ cron, zone, after, want string }{
		"an ordinary Monday": {"0 9 * * MON", "Europe/Berlin", "2026-03-04T12:00:00Z", "2026-03-09T09:00:00+01:00"},
		"strictly after":     {"0 9 * * *", "UTC", "2026-03-04T09:00:00Z", "2026-03-05T09:00:00Z"},
		"between minutes":    {"* * * * *", "UTC", "2026-03-04T09:00:00.5Z", "2026-03-04T09:01:00Z"},
		"a start in the spring gap comes right after it": {"30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T03:00:00+02:00"},
		"and only once":                                          {"30 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T02:30:00+02:00"},
		"many starts in the gap are one":                         {"*/10 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T02:00:00+02:00"},
		"a midnight that does not exist":                         {"0 0 * * *", "America/Sao_Paulo", "2018-11-03T12:00:00Z", "2018-11-04T01:00:00-02:00"},
		"a day that does not exist":                              {"0 12 30 12 *", "Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-31T00:00:00+14:00"},
		"the autumn hour happens the first time":                 {"30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T02:30:00+02:00"},
		"and not the second time":                                {"30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T02:30:00+01:00"},
		"nor when asked within the second":                       {"30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", "2026-10-26T02:30:00+01:00"},
		"a leap day":                                             {"0 0 29 2 *", "UTC", "2024-03-01T00:00:00Z", "2028-02-29T00:00:00Z"},
		"a leap day over the turn of a century that has none":    {"0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"},
		"half an hour of summer time, on Lord Howe":              {"15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z"},
		"the answer does not depend on the zone of the question": {"0 9 * * MON", "Europe/Berlin", "2026-03-09T16:59:00+09:00", "2026-03-09T09:00:00+01:00"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := when.ParseSchedule(c.cron, c.zone)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Next(parse(t, c.after)); !got.Equal(parse(t, c.want)) {
				t.Errorf("after %s: %v, want %s", c.after, got, c.want)
			}
		})
	}
}

func TestNoScheduleNeverStarts(t *testing.T) {
	after := parse(t, "2026-01-01T00:00:00Z")
	if got := (when.Schedule{}).Next(after); got.Year() != 2126 {
		t.Errorf("the zero schedule starts at %v", got)
	}
}

func TestParseScheduleRefuses(t *testing.T) {
	for _, c := range []struct{ cron, zone, says string }{
		{"TZ=0", "UTC", "must not name a zone"},
		{"TZ=0 0 9 * * MON", "UTC", "must not name a zone"},
		{"CRON_TZ=UTC", "UTC", "must not name a zone"},
		{"CRON_TZ=Europe/Berlin 0 9 * * *", "UTC", "must not name a zone"},
		{"0 0 9 * * MON", "UTC", "6 fields"},
		{"@daily", "UTC", "1 fields"},
		{"@every 1h", "UTC", "2 fields"},
		{"", "UTC", "0 fields"},
		{"0 0 30 2 *", "UTC", "never comes"},
		{"0 0 31 4,6,9,11 *", "UTC", "never comes"},
		{"60 9 * * *", "UTC", "60"},
		{"0 9 * * FUNDAY", "UTC", "FUNDAY"},
		{"0 9 * * *", "Europe/Berln", "not known"},
		{"0 9 * * *", "", "must be named"},
		{"0 9 * * *", "Local", "must be named"},
		{"0 9 * * *", "../../etc/passwd", "not known"},
		{strings.Repeat("0,", 200) + "0 9 * * *", "UTC", "too long"},
	} {
		_, err := when.ParseSchedule(c.cron, c.zone)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("ParseSchedule(%q, %q): %v, want an error that says %q", c.cron, c.zone, err, c.says)
		}
	}
}

func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"0 9 * * MON", "TZ=0", "*/7 1-5 29 2 ?", "0 0 31 2 *", "59 23 31 12 SUN#1"} {
		f.Add(s, "Europe/Berlin", int64(1774750000))
	}
	f.Fuzz(func(t *testing.T, fields, zone string, unix int64) {
		s, err := when.ParseSchedule(fields, zone)
		if err != nil {
			return
		}
		after := time.Unix(unix%253402300800, 0) // years to 9999
		next := s.Next(after)
		if !next.After(after) {
			t.Errorf("%q in %q after %v starts at %v", fields, zone, after, next)
		}
		if again := s.Next(next.Add(-time.Nanosecond)); !again.Equal(next) {
			t.Errorf("%q in %q: just before %v comes %v", fields, zone, next, again)
		}
	})
}

func parse(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAScheduleNamesItself(t *testing.T) {
	s, err := when.ParseSchedule("0 9 * * MON", "Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	if s.String() != "0 9 * * MON Europe/Berlin" || s.Zone().String() != "Europe/Berlin" {
		t.Errorf("%q in %s", s.String(), s.Zone())
	}
	if none := (when.Schedule{}); none.Zone() != time.UTC || none.String() != "" || !none.IsZero() {
		t.Errorf("no schedule: %q in %s", none.String(), none.Zone())
	}
}

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 90 * time.Second: "90s", 120 * time.Second: "2m", 90 * time.Minute: "90m", 36 * time.Hour: "36h",
		when.MaxDuration: "90d", 1500 * time.Millisecond: "1s",
	} {
		if got := when.FormatDuration(d); got != want {
			t.Errorf("FormatDuration(%v) = %s, want %s", d, got, want)
		}
	}
}
