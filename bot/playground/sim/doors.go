package sim

import (
	"context"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// doors are a replica's ways to the database. Each is one before and one after.
type doors struct {
	Store
	l *life
}

// through does something at the database, unless the replica is gone; what it
// learns of it is another matter.
func through(d doors, what string, do func() error) error {
	f, err := d.l.pass(what)
	if err != nil {
		return err
	}
	if f.Kind == dbAway {
		d.l.happened(f)
		return errAway
	}
	err = do()
	if f.Kind == dbLost {
		d.l.happened(f)
		return errAway
	}
	d.l.changed()
	if _, gone := d.l.pass(what + " done"); gone != nil {
		return gone
	}
	return err
}

// looking is through, for what changes nothing.
func looking(d doors, what string) error {
	f, err := d.l.pass(what)
	if err == nil && (f.Kind == dbAway || f.Kind == dbLost) {
		d.l.happened(f)
		return errAway
	}
	return err
}

func (d doors) Hear(ctx context.Context, l bot.Letter) (fresh bool, err error) {
	err = through(d, "hear "+l.ID, func() (err error) { fresh, err = d.Store.Hear(ctx, l); return err })
	return fresh, err
}

func (d doors) NextNew(ctx context.Context) (bot.Letter, bool, error) {
	if d.l.dead {
		return bot.Letter{}, false, errGone
	}
	return d.Store.NextNew(ctx)
}

func (d doors) Sort(ctx context.Context, l bot.Letter) error {
	return through(d, "sort "+l.ID, func() error { return d.Store.Sort(ctx, l) })
}

func (d doors) ClaimLetter(ctx context.Context, owner string, lease time.Duration) (l bot.Letter, ok bool, err error) {
	if d.l.dead {
		return l, false, errGone
	}
	l, ok, err = d.Store.ClaimLetter(ctx, owner, lease)
	if ok {
		d.l.hold(lease, func() error { return d.Store.RenewLetter(ctx, l, lease) })
		err = claimed(d, "claim "+l.ID)
	}
	return l, ok, err
}

// claimed is the door behind a claim. Of one whose answer was lost nobody here
// knows: its lease must run out.
func claimed(d doors, what string) error {
	f, err := d.l.pass(what)
	if err == nil && (f.Kind == dbAway || f.Kind == dbLost) {
		d.l.happened(f)
		d.l.letGo()
		return errAway
	}
	return err
}

func (d doors) RetryLetter(ctx context.Context, l bot.Letter, at time.Time, why string, tell bot.Event) error {
	d.l.letGo()
	return through(d, "put back "+l.ID+": "+why, func() error { return d.Store.RetryLetter(ctx, l, at, why, tell) })
}

func (d doors) FailLetter(ctx context.Context, l bot.Letter, why string, tell bot.Event) error {
	d.l.letGo()
	return through(d, "give up "+l.ID+": "+why, func() error { return d.Store.FailLetter(ctx, l, why, tell) })
}

func (d doors) Save(ctx context.Context, l bot.Letter, p bot.Plan, observe bool) error {
	defer d.l.letGo()
	return through(d, "save "+l.ID, func() error { return d.Store.Save(ctx, l, p, observe) })
}

func (d doors) ClaimTask(ctx context.Context, owner string, kinds []string, lease time.Duration) (t bot.Task, ok bool, err error) {
	if d.l.dead {
		return t, false, errGone
	}
	t, ok, err = d.Store.ClaimTask(ctx, owner, kinds, lease)
	if ok {
		d.l.hold(lease, func() error { return d.Store.RenewTask(ctx, t, lease) })
		err = claimed(d, "claim "+t.Kind+" "+t.Key)
	}
	return t, ok, err
}

func (d doors) FinishTask(ctx context.Context, t bot.Task, tell bot.Event) error {
	d.l.letGo()
	err := through(d, t.State+" "+t.Kind+" "+t.Key, func() error { return d.Store.FinishTask(ctx, t, tell) })
	d.said(t, err)
	return err
}

// said: how an attempt ended is written down, or no more is to be.
func (d doors) said(t bot.Task, err error) {
	if err == nil || t.Order {
		d.l.unsaid = false
	}
}

func (d doors) RetryTask(ctx context.Context, t bot.Task, at time.Time, why string) (again bool, err error) {
	d.l.letGo()
	err = through(d, "put back "+t.Kind+" "+t.Key+": "+why, func() (err error) { again, err = d.Store.RetryTask(ctx, t, at, why); return err })
	d.said(t, err)
	return again, err
}

func (d doors) WriteAgain(ctx context.Context, t bot.Task) error {
	err := through(d, "write again "+t.Kind+" "+t.Key, func() error { return d.Store.WriteAgain(ctx, t) })
	d.said(t, err)
	return err
}

func (d doors) Receipt(ctx context.Context, kind, key string) (bot.Receipt, string, bool, error) {
	if err := looking(d, "receipt "+kind+" "+key); err != nil {
		return bot.Receipt{}, "", false, err
	}
	return d.Store.Receipt(ctx, kind, key)
}

func (d doors) Doc(ctx context.Context, key string, doc interface{ SetVersion(int) }) (bool, error) {
	if err := looking(d, "read "+key); err != nil {
		return false, err
	}
	return d.Store.Doc(ctx, key, doc)
}

func (d doors) Held(ctx context.Context, prefix string, next func() interface{ SetVersion(int) }) error {
	if err := looking(d, "read what holds "+prefix); err != nil {
		return err
	}
	return d.Store.Held(ctx, prefix, next)
}

func (d doors) Facts(ctx context.Context, q bot.FactQuery) ([]bot.Fact, error) {
	if err := looking(d, "read facts"); err != nil {
		return nil, err
	}
	return d.Store.Facts(ctx, q)
}
