package store

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/pgtest"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// with is a statement with values for its $1 to $9.
func with(q string, values ...string) string {
	for i := len(values) - 1; i >= 0; i-- {
		q = strings.ReplaceAll(q, "$"+string(rune('1'+i)), values[i])
	}
	return q
}

const moment = "1800000000000000"

// hot is what is asked all the time, with values that mean something.
var hot = map[string]string{
	"which letter or timer is next, and it is taken": with(takeLetter, moment, "'me'", moment),
	"who was first is so no more":                    with(postgres.say(ofLetters(lineUp[0])), `'["change/7"]'`),
	"who is first":                                   with(postgres.say(ofLetters(lineUp[1])), `'["change/7"]'`),
	"which effect was first so far":                  with(postgres.say(ofTasks(lineUp[0])), `'["check/7"]'`),
	"which effect is first":                          with(postgres.say(ofTasks(lineUp[1])), `'["check/7"]'`),
	"which effect's lease ran out":                   with(lapsedOf(2), moment, "'check'", "'comment'", "8"),
	"what is due next":                               nextDue,
	"of which kinds an effect is due":                with(waitingOf(2, bot.Urgent, bot.Cosmetic), moment, "'check'", "'comment'"),
	"which effect is next":                           with(takeWaiting, moment, "'check'", "1", "'me'", moment),
	"a delivery is heard, once":                      with(insertOf(1), moment, "'past/7'", "'github'", "'x'", "''", "''"),
	"a delivery is known":                            with(postgres.say(knownOf), `'["past/7", "past/8"]'`),
	"what is new":                                    nextNew,
	"who holds a slot":                               with(holder, "'slot/7'"),
	"what is open in the inbox":                      tallies[0].query(in(tallies[0].open)),
	"what is open in the outbox":                     tallies[1].query(in(tallies[1].open)),
	"the oldest letter":                              backlog[0],
	"the oldest effect":                              backlog[1],
	"what gives way":                                 with(giveWayTo, "'check'", "'past/7'", moment),
	"what goes on in its place":                      with(handOn, "'check'", "'past/7'", "7", "'check/7'", "25", "295"),
	"the last of a key":                              with(lastOfKey, "'check'", "'past/7'", "7"),
	"the last of a group":                            with(lastOfGroup, "'check'", "'check/7'", "7"),
	"what is written again, unless it was followed":  with(writeAgain, "7", moment, "1"),
	"what is tried again, unless it was":             with(tryTask, moment, "7", "1", "'failed'"),
	"a receipt":                                      with(receiptOf, "'check'", "'past/7'"),
	"a document":                                     with(document, "'change/7'"),
	"the last fact of a repository":                  with(lastFact, "'42/7'"),
}

// What is asked all the time reads no table through on PostgreSQL, once there are
// many rows and it knows of them.
func TestPostgresLooksUp(t *testing.T) {
	s := open(t, pgtest.URL(t), &storetest.Clock{At: time.Unix(1_800_000_000, 0)})
	for _, q := range []string{
		`INSERT INTO inbox (id, source, name, body, at, due, state, subject, finished) SELECT 'past/' || i, 'github', 'x', '{}', i, i, 'done', 'change/' || i % 500, i FROM generate_series(1, 20000) i`,
		`INSERT INTO outbox (kind, key, grp, body, hash, cause, is_order, state, at, due) SELECT 'check', 'past/' || i, 'check/' || i, '{}', 'h', 'past/' || i, 0, 'done', i, i FROM generate_series(1, 20000) i`,
		`INSERT INTO receipts (kind, key, receipt, hash, at) SELECT 'check', 'past/' || i, '{}', 'h', i FROM generate_series(1, 20000) i`,
		`INSERT INTO ledger (repo, ref, kind, subject, at, asked, cause, data, prev, hash) SELECT '42/' || i % 200, '{}', 'k', 's', i, '', '', '{}', '', 'h' || i FROM generate_series(1, 20000) i`,
		`INSERT INTO docs (key, version, body, at) SELECT 'change/' || i, 1, '{}', i FROM generate_series(1, 20000) i`,
		`INSERT INTO claims (claim, doc, taken) SELECT 'slot/' || i, 'change/' || i, i FROM generate_series(1, 20000) i`,
		`UPDATE inbox SET state = 'ready', due = due + seq * 1000000 WHERE seq % 20 = 0`, // timers, most of which have not rung
		`UPDATE outbox SET state = 'waiting' WHERE seq % 100 = 0`,
		`ANALYZE`,
	} {
		if _, err := s.write.DB.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.LineUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := maps.Clone(hot)
	for i, q := range setBack {
		second := moment
		if i == 1 {
			second = "'schedule.due'"
		}
		all[fmt.Sprint("what a clock that was set back leaves in the future, ", i)] = with(q, moment, second)
	}
	for what, q := range all {
		if plan := planOf(t, s, q); strings.Contains(plan, "Seq Scan") || !strings.Contains(plan, "Index") && !strings.Contains(plan, "Conflict Arbiter") {
			t.Errorf("%s:\n%s", what, plan)
		}
	}
}

func planOf(t *testing.T, s *Store, q string) string {
	t.Helper()
	rows, err := s.read.DB.QueryContext(t.Context(), s.say("EXPLAIN "+q))
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
