package memory

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
)

// read is what a document's body says, by the type that it was read as: each
// version is decoded once, and copied for who reads it after that.
type read map[reflect.Type]reflect.Value

func (d doc) into(key string, doc interface{ SetVersion(int) }) error {
	to := reflect.ValueOf(doc).Elem()
	if from, ok := d.read[to.Type()]; ok && agrees(to, from) {
		copyInto(to, from)
		doc.SetVersion(d.version)
		return nil
	}
	first := to.IsZero()
	if err := json.Unmarshal(d.body, doc); err != nil {
		return fmt.Errorf("read %s: %w", key, err)
	}
	if first {
		kept := reflect.New(to.Type()).Elem()
		copyInto(kept, to)
		d.read[to.Type()] = kept
	}
	doc.SetVersion(d.version)
	return nil
}

// agrees reports whether what stands in a document before it is read is what
// is read: then reading leaves nothing of it.
func agrees(to, from reflect.Value) bool {
	if to.Kind() != reflect.Struct {
		return to.IsZero()
	}
	for i := range to.NumField() {
		f := to.Field(i)
		if !f.IsZero() && (!f.CanInterface() || !reflect.DeepEqual(f.Interface(), from.Field(i).Interface())) {
			return false
		}
	}
	return true
}

// copyInto copies all that was decoded, so that the two share nothing that
// could change.
func copyInto(to, from reflect.Value) {
	if flat(from.Type()) {
		to.Set(from)
		return
	}
	switch from.Kind() {
	case reflect.Struct:
		to.Set(from)
		for i := range from.NumField() {
			if f := from.Type().Field(i); f.IsExported() && !flat(f.Type) {
				copyInto(to.Field(i), from.Field(i))
			}
		}
	case reflect.Pointer, reflect.Interface:
		copyElem(to, from)
	case reflect.Slice:
		copySlice(to, from)
	case reflect.Map:
		copyMap(to, from)
	default:
		panic("no document holds a " + from.Type().String())
	}
}

func copyElem(to, from reflect.Value) {
	if from.IsNil() {
		to.SetZero()
		return
	}
	fresh := reflect.New(from.Elem().Type())
	copyInto(fresh.Elem(), from.Elem())
	if from.Kind() == reflect.Interface {
		fresh = fresh.Elem()
	}
	to.Set(fresh)
}

func copySlice(to, from reflect.Value) {
	if from.IsNil() {
		to.SetZero()
		return
	}
	fresh := reflect.MakeSlice(from.Type(), from.Len(), from.Len())
	if reflect.Copy(fresh, from); !flat(from.Type().Elem()) {
		for i := range from.Len() {
			copyInto(fresh.Index(i), from.Index(i))
		}
	}
	to.Set(fresh)
}

func copyMap(to, from reflect.Value) {
	if from.IsNil() {
		to.SetZero()
		return
	}
	fresh := reflect.MakeMapWithSize(from.Type(), from.Len())
	for all := from.MapRange(); all.Next(); {
		v := reflect.New(from.Type().Elem()).Elem()
		copyInto(v, all.Value())
		fresh.SetMapIndex(all.Key(), v)
	}
	to.Set(fresh)
}

var flats sync.Map // whether they are flat, by type

// flat reports whether a value of the type is copied whole by being assigned.
func flat(t reflect.Type) bool {
	if is, known := flats.Load(t); known {
		return is.(bool)
	}
	is := false
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Chan, reflect.Func, reflect.UnsafePointer:
	case reflect.Array:
		is = flat(t.Elem())
	case reflect.Struct:
		is = true
		for i := range t.NumField() {
			is = is && (!t.Field(i).IsExported() || flat(t.Field(i).Type)) // a time's zone is nobody's to change
		}
	default:
		is = true
	}
	flats.Store(t, is)
	return is
}
