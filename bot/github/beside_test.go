package github_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// Of comments that somebody made beside us the oldest stays, whichever is
// known; what is not ours is left alone.
func TestCommentsThatStandTwiceStandOnce(t *testing.T) {
	old := comment
	old.Body = "Watching"
	for name, job := range map[string]bot.Job{
		"the newer is known": {Effect: comment, Last: bot.Receipt{ID: "78"}, Attempt: 2, Beside: true},
		"none is known":      {Effect: comment, Attempt: 2},
	} {
		w := newWorld(t)
		w.lists("GET /repos/acme/shop/issues/12/comments",
			"["+listed(5, "mallory", written(t, comment))+","+listed(77, self, written(t, old))+"]",
			"["+listed(78, self, written(t, comment))+","+listed(79, self, written(t, old))+","+listed(80, self, "hello")+"]")
		w.on("PATCH /repos/acme/shop/issues/comments/77", 200, `{"id":77}`)
		w.on("DELETE /repos/acme/shop/issues/comments/78", 204, "")
		w.on("DELETE /repos/acme/shop/issues/comments/79", 404, `{"message":"Not Found"}`) // somebody was faster
		r, err := perform(t, w.client(t), job)
		if err != nil || r.ID != "77" {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if did := fmt.Sprint(w.writes()); did != "[PATCH /repos/acme/shop/issues/comments/77 DELETE /repos/acme/shop/issues/comments/78 DELETE /repos/acme/shop/issues/comments/79]" {
			t.Errorf("%s: %s", name, did)
		}
	}
}

// Of deployments of one rollout the oldest stays and shows the state; GitHub
// deletes only what is not active.
func TestDeploymentsThatStandTwiceStandOnce(t *testing.T) {
	d := func(id int, who string) string {
		return fmt.Sprintf(`{"id":%d,"payload":{"roundtrip":"42/1296269/shop/3"},"creator":{"login":%q}}`, id, who)
	}
	for _, status := range []int{204, 404, 422} {
		w := deploying(t, "["+strings.Join([]string{d(702, self), d(701, "mallory"), d(700, self)}, ",")+"]")
		w.on("GET /repos/acme/shop/deployments/700/statuses", 200, `[{"id":8,"state":"in_progress","description":"5 %"}]`)
		w.on("GET /repos/acme/shop/deployments/702/statuses", 200, `[{"id":9,"state":"queued"}]`)
		w.on("DELETE /repos/acme/shop/deployments/702", status, ``)
		c := w.client(t)
		r, err := perform(t, c, bot.Job{Effect: rollout, Last: bot.Receipt{ID: "9", More: "702"}, Attempt: 2, Beside: true})
		if twice := r.Twice != ""; err != nil || r.More != "700" || r.ID != "8" || twice != (status == 422) {
			t.Errorf("%d: %+v, %v", status, r, err)
		}
		did := w.writes()
		if !slices.Equal([]string{did[0].String(), did[1].String()}, []string{"POST /repos/acme/shop/deployments/702/statuses", "DELETE /repos/acme/shop/deployments/702"}) ||
			len(did) != 2 || did[0].json(t)["state"] != "inactive" {
			t.Errorf("%d: %v", status, did)
		}
		next := rollout
		next.State, next.Step = "success", 2
		if r, err := perform(t, c, bot.Job{Effect: next, Attempt: 1}); err != nil || r.More != "700" {
			t.Errorf("%d: the next state goes to %+v, %v", status, r, err)
		}
	}
}

// What GitHub refuses to take away stays beside what was written, which is
// done all the same: the receipt says so. Any other failure is tried again.
func TestWhatMayNotBeTakenAwayStays(t *testing.T) {
	d := func(id int) string {
		return fmt.Sprintf(`{"id":%d,"payload":{"roundtrip":"42/1296269/shop/3"},"creator":{"login":%q}}`, id, self)
	}
	const (
		deletesComment    = "DELETE /repos/acme/shop/issues/comments/78"
		setsInactive      = "POST /repos/acme/shop/deployments/702/statuses"
		deletesDeployment = "DELETE /repos/acme/shop/deployments/702"
	)
	for of, twice := range map[string]string{
		deletesComment:    "delete comment 78: GitHub answered: %d",
		setsInactive:      "say that deployment 702 is inactive: GitHub answered: %d",
		deletesDeployment: "delete deployment 702, which is inactive: GitHub answered: %d",
	} {
		for status, stays := range map[int]bool{403: true, 422: true, 404: false, 500: false} {
			w := newWorld(t)
			for _, write := range []string{deletesComment, setsInactive, deletesDeployment} {
				if write == of {
					w.on(write, status, `{"message":"No."}`)
				} else {
					w.on(write, 200, `{"id":9}`)
				}
			}
			w.on("GET /repos/acme/shop/issues/12/comments", 200, "["+listed(77, self, written(t, comment))+","+listed(78, self, written(t, comment))+"]")
			w.on("GET /repos/acme/shop/deployments", 200, "["+d(702)+","+d(700)+"]")
			w.on("GET /repos/acme/shop/deployments/702/statuses", 200, `[]`)
			w.on("GET /repos/acme/shop/deployments/700/statuses", 200, `[{"id":8,"state":"in_progress","description":"5 %"}]`)
			job := bot.Job{Effect: rollout, Attempt: 2, Beside: true}
			if of == deletesComment {
				job.Effect = comment
			}
			r, err := perform(t, w.client(t), job)
			if (err != nil) != (status == 500) || (r.Twice != "") != stays {
				t.Errorf("%s %d: %+v, %v", of, status, r, err)
			}
			if want := fmt.Sprintf(twice, status); stays && !strings.HasPrefix(r.Twice, want) {
				t.Errorf("%q, not %q", r.Twice, want)
			}
		}
	}
}
