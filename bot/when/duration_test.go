package when_test

import (
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/when"
)

func TestParseDuration(t *testing.T) {
	for _, c := range []struct {
		in   string
		want time.Duration // 0: refused
	}{
		{"90s", 90 * time.Second}, {"10m", 10 * time.Minute}, {"4h", 4 * time.Hour},
		{"7d", 7 * 24 * time.Hour}, {"90d", when.MaxDuration}, {"2160h", when.MaxDuration},
		{"0s", 0}, {"91d", 0}, {"", 0}, {"m", 0}, {"10", 0}, {"1h30m", 0}, {"-5m", 0}, {"+5m", 0},
		{"1.5h", 0}, {"10 m", 0}, {"10M", 0}, {"1w", 0}, {"99999999999d", 0}, {"१m", 0}, {"0x1m", 0}, {"1_0m", 0},
	} {
		got, err := when.ParseDuration(c.in)
		if got != c.want || (err == nil) != (c.want > 0) {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", c.in, got, err, c.want)
		}
	}
}

func TestParseDelayAllowsNone(t *testing.T) {
	if d, err := when.ParseDelay("0m"); d != 0 || err != nil {
		t.Errorf("ParseDelay(0m) = %v, %v", d, err)
	}
}

func TestParsePercent(t *testing.T) {
	for in, want := range map[string]float64{"5%": 0.05, "0.5%": 0.005, "0.1%": 0.001, "100%": 1, "0%": 0, "99.9%": 0.999} {
		if got, err := when.ParsePercent(in); got != want || err != nil {
			t.Errorf("ParsePercent(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "%", "5", "0.05", "101%", "-1%", "+1%", "5 %", ".5%", "5.%", "1e1%", "NaN%", "5pp"} {
		if got, err := when.ParsePercent(in); err == nil {
			t.Errorf("ParsePercent(%q) = %v, want an error", in, got)
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"90s", "10m", "7d", "-1m", "99999999999h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := when.ParseDuration(s)
		if err != nil {
			return
		}
		if d <= 0 || d > when.MaxDuration {
			t.Errorf("ParseDuration(%q) = %v, out of bounds", s, d)
		}
		if again, err := when.ParseDuration(when.FormatDuration(d)); again != d || err != nil {
			t.Errorf("FormatDuration(%v) reads as %v, %v", d, again, err)
		}
	})
}

func FuzzParsePercent(f *testing.F) {
	f.Add("5%")
	f.Add("0.5%")
	f.Fuzz(func(t *testing.T, s string) {
		if p, err := when.ParsePercent(s); err == nil && !(p >= 0 && p <= 1) {
			t.Errorf("ParsePercent(%q) = %v", s, p)
		}
	})
}
