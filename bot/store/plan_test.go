package store

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/store/storetest"
)

// What is asked often, or of boxes that only grow, is looked up: no statement
// reads a whole box or sorts it.
func TestLookUpsHaveAnIndex(t *testing.T) {
	s := open(t, file(t), &storetest.Clock{At: time.Unix(1, 0)})
	for what, q := range map[string][2]string{
		"whose turn it is":        {with(waitingOf(2, bot.Urgent, bot.Cosmetic), "9", "'check'", "'comment'"), "outbox_turn (kind=? AND priority=? AND turn>? AND turn<?)"},
		"which of a kind is next": {with(takeWaiting, "9", "'check'", "1", "'me'", "9"), "outbox_turn (kind=? AND priority=? AND turn>? AND turn<?)"},
		"which effect's ran out":  {with(lapsedOf(2), "9", "'check'", "'comment'", "8"), "outbox_hand"},
		"which effect was first":  {with(s.say(ofTasks(lineUp[0])), "'[1]'"), "outbox_line"},
		"which effect is first":   {with(s.say(ofTasks(lineUp[1])), "'[1]'"), "outbox_line"},
		"groups without a first":  {with(ofTasks(unsettled), "'a'", "9"), "outbox_line"},
		"when an effect is due":   {nextDue, "COVERING INDEX outbox_turn"},
		"which letter is next":    {with(takeLetter, "9", "'me'", "9"), "inbox_turn"},
		"whose lease ran out":     {with(takeLetter, "9", "'me'", "9"), "inbox_hand"},
		"who was first":           {with(s.say(ofLetters(lineUp[0])), "'[1]'"), "inbox_line"},
		"who is first":            {with(s.say(ofLetters(lineUp[1])), "'[1]'"), "inbox_line"},
		"when a letter is due":    {nextDue, "inbox_turn"},
		"when a lease runs out":   {nextDue, "inbox_hand"},
		"what is new and early":   {with(setBack[0], "9"), "inbox_state"},
		"what waits and is early": {with(setBack[1], "9", "'a'"), "inbox_open (due>?)"},
		"who has it too long":     {with(setBack[2], "9", "8"), "inbox_hand (until>?)"},
		"who had it too early":    {with(setBack[3], "9", "8"), "inbox_retrying (until>?)"},
		"effects that are early":  {with(setBack[4], "9"), "outbox_open (at>?)"},
		"effects held too long":   {with(setBack[5], "9"), "outbox_hand"},
		"effects taken early":     {with(setBack[6], "9"), "outbox_retrying (until>?)"},
		"lines without a first":   {with(ofLetters(unsettled), "'a'", "9"), "inbox_line"},
		"deliveries not over":     {tallies[0].query(in(tallies[0].open)), "SEARCH inbox USING COVERING INDEX inbox_state (state=?)"},
		"deliveries that are":     {tallies[0].query(in(tallies[0].over)), "SEARCH inbox USING COVERING INDEX inbox_state (state=?)"},
		"effects not over":        {tallies[1].query(in(tallies[1].open)), "SEARCH outbox USING COVERING INDEX outbox_state (state=?)"},
		"effects that are":        {tallies[1].query(in(tallies[1].over)), "SEARCH outbox USING COVERING INDEX outbox_state (state=?)"},
		"the oldest letter":       {backlog[0], "inbox_open"},
		"the oldest new letter":   {backlog[0], "inbox_new"},
		"the oldest effect":       {backlog[1], "outbox_open"},
		"letters tried again":     {backlog[2], "inbox_retrying"},
		"effects tried again":     {backlog[3], "outbox_retrying"},
		"effects in a state":      {`SELECT seq FROM outbox WHERE ` + with(tasksBefore, "'a'", "9", "5"), "outbox_state"},
		"effects of one key":      {`SELECT ` + taskColumns + ` FROM outbox WHERE kind = 'a' AND key = 'b' ORDER BY seq DESC LIMIT 3`, "outbox_of"},
		"the last of a key":       {with(lastOfKey, "'a'", "'b'", "9"), "outbox_of (kind=? AND key=? AND seq>?)"},
		"the last of a group":     {with(lastOfGroup, "'a'", "'b'", "9"), "outbox_later (grp=? AND seq>?)"},
		"what was followed":       {with(writeAgain, "9", "8", "1"), "outbox_later (grp=? AND seq>?)"},
		"what is tried again":     {with(tryTask, "9", "8", "7", "'failed'"), "outbox_later (grp=? AND seq>?)"},
		"what gives way":          {with(giveWayTo, "'a'", "'b'", "9"), "outbox_key (kind=? AND key=?)"},
		"what goes on in a place": {with(handOn, "'a'", "'b'", "9", "'c'", "5", "6"), "outbox_key (kind=? AND key=? AND rowid>?)"},
		"what a document holds":   {`SELECT claim FROM claims WHERE doc = 'a' AND released IS NULL`, "claims_held"},
		"who holds open/":         {with(heldUnder, "'open/'", "'open0'"), "claims_one_holder"},
		"the last fact":           {with(lastFact, "'a'"), "ledger_last"},
		"deliveries to be forgot": {with(handledBefore, "9", "5"), "inbox_kept"},
		"effects to be forgot":    {with(longOver, "9", "5"), "outbox_kept"},
	} {
		plan := explain(t, s, q[0])
		sorts := strings.Contains(plan, "TEMP B-TREE") && what != "whose turn it is" // that sorts one of each kind
		if !strings.Contains(plan, q[1]) || sorts {
			t.Errorf("%s: %s", what, plan)
		}
	}
}

// What came to be over is looked up by its number, however much there is.
func TestWhatCameIsLookedUp(t *testing.T) {
	s := open(t, file(t), &storetest.Clock{At: time.Unix(1, 0)})
	for _, b := range tallies {
		for _, rows := range []string{since, among} {
			if plan := explain(t, s, strings.ReplaceAll(s.say(b.query(rows)), "$1", "'9'")); !strings.Contains(plan, "USING INTEGER PRIMARY KEY (rowid") {
				t.Errorf("%s %s: %s", b.box, rows, plan)
			}
		}
	}
}

func explain(t *testing.T, s *Store, q string) string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), s.say("EXPLAIN QUERY PLAN "+q))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "; ")
}
