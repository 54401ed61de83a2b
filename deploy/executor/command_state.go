package executor

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// The folder of an executor's state, by slot and key:
//
//	‹slot›/fence            the highest fence seen
//	‹slot›/‹key›/0001/run   what was asked, written before anything begins
//	‹slot›/‹key›/0001/pid   who does it
//	‹slot›/‹key›/0001/exit  how it ended
//	‹slot›/‹key›/0001/told  somebody was told of its failure

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:10])
}

func (x *command) slot(o bot.StageOrder) string { return filepath.Join(x.dir, short(o.Slot())) }

// deployment reads what is known of a key. Only a folder that is not there
// says that nothing was ever begun.
func (x *command) deployment(o bot.StageOrder) (deployment, error) {
	if _, err := os.ReadDir(x.dir); err != nil {
		return deployment{}, fmt.Errorf("read the state of commands: %w", err)
	}
	d := deployment{dir: filepath.Join(x.slot(o), short(o.Key))}
	all, err := os.ReadDir(d.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return d, nil
	}
	if err != nil {
		return d, fmt.Errorf("read the state of %s: %w", o.Key, err)
	}
	for _, entry := range all { // sorted by name
		r := run{dir: filepath.Join(d.dir, entry.Name())}
		if r, err = r.look(); errors.Is(err, fs.ErrNotExist) {
			continue // it was cut off before it was written down, and so before it began
		}
		if err != nil {
			return d, fmt.Errorf("read the state of %s: %w", o.Key, err)
		}
		if r.Key != o.Key || r.SHA != o.SHA {
			return d, permanent("%s is another deployment in the state of commands", o.Key)
		}
		d.runs = append(d.runs, r)
	}
	return d, nil
}

// look reads how far a run is.
func (r run) look() (run, error) {
	text, err := os.ReadFile(filepath.Join(r.dir, "run"))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, err
	}
	_, err = os.Stat(filepath.Join(r.dir, "told"))
	r.told = err == nil
	alive := r.alive()
	e, found, err := readExit(r.dir) // after looking for the process, which writes it last
	switch {
	case err != nil:
		return r, err
	case found && e.Code == 0 && e.Why == "":
		r.state = ended
	case found:
		r.state, r.message = failed, e.says()
	case alive:
		r.state = running
	default:
		left, err := r.abandon()
		if err != nil {
			return r, err
		}
		r.state, r.message = failed, "the command ended and nobody saw how"
		if left {
			r.message = nobodyWatched
		}
	}
	return r, nil
}

func (r run) tell() error { return write(filepath.Join(r.dir, "told"), nil) }

// fenced refuses an order that was replaced, and remembers the newest.
func (x *command) fenced(o bot.StageOrder) error {
	file := filepath.Join(x.slot(o), "fence")
	text, err := os.ReadFile(file) //nolint:gosec // in a folder of our own
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the fence of %s: %w", o.Slot(), err)
	}
	seen := 0
	if err == nil {
		if seen, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
			return fmt.Errorf("read the fence of %s: %w", o.Slot(), err)
		}
	}
	switch {
	case o.Fence < seen:
		return permanent("%s: a newer rollout of this environment was seen, so this one moves nothing any more", o.Key)
	case o.Fence == seen:
		return nil
	}
	return write(file, []byte(strconv.Itoa(o.Fence)))
}

// begin writes down that a run begins, and begins it.
func (x *command) begin(d deployment, o bot.StageOrder, verb string) (*run, error) {
	r := run{Key: o.Key, SHA: o.SHA, Verb: verb, Weight: o.Weight, Began: time.Now(), state: running}
	r.dir = filepath.Join(d.dir, fmt.Sprintf("%04d", len(d.runs)+1))
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	if err := write(filepath.Join(r.dir, "run"), text); err != nil {
		return nil, err
	}
	return &r, x.spawn(r, o)
}

// write replaces a file at once, and lasts.
func write(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".new")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), file)
}

// sortedParams are the parameters' names, in order.
func sortedParams(params map[string]string) (names []string) {
	for n := range params {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
