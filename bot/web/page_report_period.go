package web

import (
	"fmt"
	"net/url"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
	"github.com/roundtrip-bot/roundtrip/bot/when"
)

// period is what the address asks for; the last full week unless it names one.
// Without an environment it is of all.
func (l look) period(repo bot.RepoRef, q url.Values) (p flow.Period, err error) {
	p = flow.Period{Repo: repo.Name, Service: q.Get("service"), Environment: q.Get("environment"), Now: l.now}
	zone := time.UTC
	if q.Get("zone") != "" {
		if zone, err = when.ParseZone(q.Get("zone")); err != nil {
			return p, wrongWish("That is no time zone: write it as Europe/Berlin.")
		}
	}
	p.From, p.To = flow.WeekBefore(l.now, zone)
	if q.Get("week") != "" {
		if p.From, p.To, err = flow.ParseWeek(q.Get("week"), zone); err != nil {
			return p, wrongWish("That is no week: write the year and the week as 2026-W40.")
		}
	}
	if p.From.After(l.now) {
		return p, wrongWish(fmt.Sprintf("Week %s has not begun yet: there is nothing to report.", isoWeek(p.From)))
	}
	return p, nil
}

func isoWeek(t time.Time) string {
	year, week := t.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", year, week)
}

// query is that of the address with some names set anew.
func query(q url.Values, set ...string) string {
	to := url.Values{}
	for _, name := range []string{"service", "environment", "zone"} {
		if q.Has(name) {
			to.Set(name, q.Get(name))
		}
	}
	for i := 0; i+1 < len(set); i += 2 {
		to.Set(set[i], set[i+1])
	}
	return to.Encode()
}

// weeksUpTo are the reports of the weeks up to one, the oldest first.
func weeksUpTo(h flow.History, p flow.Period) (weeks []flow.Report) {
	for i := trendWeeks - 1; i >= 0; i-- {
		past := p
		past.From, past.To = p.From.AddDate(0, 0, -7*i), p.To.AddDate(0, 0, -7*i)
		if p.Now.After(past.To) {
			past.Now = past.To // as it looked at its end
		}
		weeks = append(weeks, flow.New(h, past))
	}
	return weeks
}
