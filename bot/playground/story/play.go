package story

import (
	"context"
	"fmt"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// Bot is the bot, stepped from outside.
type Bot interface {
	Step(context.Context) (bool, error)
	Due(context.Context) (time.Time, bool, error)
}

// play is a story on its way.
type play struct {
	world  *playground.World
	clock  *playground.Clock
	bot    Bot
	pushes int
	seen   []string // effects that ended since the act began
	doing  string   // the act
	saw    func(act string, e bot.Effect)
	rests  func(act string) error
	curves bool
}

// Watch is told of each effect that ended; hand it to the engine.
func (p *play) watch(t bot.Task, e bot.Effect) {
	if line := p.effect(t, e); line != "" {
		p.seen = append(p.seen, line)
	}
	if p.saw != nil && t.State == bot.TaskDone {
		p.saw(p.doing, e)
	}
}

// act does what the world does and lets the bot come to rest. It answers the
// effects that followed.
func (p *play) act(ctx context.Context, a act) ([]string, error) {
	p.seen, p.doing = nil, a.does
	if err := p.perform(ctx, a); err != nil {
		return p.seen, err
	}
	err := p.settle(ctx)
	if err == nil && p.rests != nil {
		err = p.rests(a.does)
	}
	return p.seen, err
}

// restless bounds how many steps may follow from one act: more is a bot that
// answers itself.
const restless = 20_000

// settle delivers webhooks and steps the bot until nothing is left to do now.
func (p *play) settle(ctx context.Context) error {
	for range restless {
		sent, err := p.world.GitHub.Deliver(ctx)
		if err != nil {
			return err
		}
		worked, err := p.bot.Step(ctx)
		if err != nil {
			return err
		}
		if sent == 0 && !worked {
			return nil
		}
	}
	return fmt.Errorf("the bot does not come to rest")
}

// wait lets time pass, from one thing that is due to the next.
func (p *play) wait(ctx context.Context, d time.Duration) error {
	end := p.clock.Now().Add(d)
	for {
		if err := p.settle(ctx); err != nil {
			return err
		}
		due, any, err := p.bot.Due(ctx)
		if err != nil {
			return err
		}
		if !any || due.After(end) {
			p.pass(ctx, end)
			return p.settle(ctx)
		}
		// What is due at this very moment was just settled: it waits for a
		// lease or another subject, and a moment must pass.
		p.pass(ctx, later(due, p.clock.Now().Add(time.Millisecond)))
	}
}

// pass lets time pass until a moment.
func (p *play) pass(ctx context.Context, to time.Time) {
	p.world.Advance(to)
	if p.curves {
		p.world.LookOnce(ctx)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
