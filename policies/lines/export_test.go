package lines

// Value of an attribute of a file, in git's words: set, unset, unspecified, or
// what it was set to.
func (a Attributes) Value(path, name string) string {
	switch v := a.Of(path)[name].value; v {
	case "":
		return "unspecified"
	case setValue:
		return "set"
	case unsetValue:
		return "unset"
	default:
		return v
	}
}
