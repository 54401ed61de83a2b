package main

import (
	"errors"
	"os"
	"path/filepath"
)

// scratch makes a directory for what one command needs while it runs. To be
// deferred: gone deletes it and adds to err what went wrong with that.
func scratch(command string) (dir string, gone func(err *error), err error) {
	if dir, err = os.MkdirTemp("", "roundtrip-"+command+"-"); err != nil {
		return "", nil, err
	}
	return dir, func(err *error) { *err = errors.Join(*err, os.RemoveAll(dir)) }, nil
}

// sqliteIn is the URL of a SQLite file in a directory.
func sqliteIn(dir, name string) string { return "sqlite:" + filepath.Join(dir, name+".db") }
