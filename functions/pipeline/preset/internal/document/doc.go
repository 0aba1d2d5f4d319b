// Package document reads presets.yaml as it is written: strictly, with the line and column of every value, and with
// every mistake reported at once. What a value means is package preset's affair.
//
// The struct tags of [Document] are the one statement of the file's fields, bounds and defaults. The reader follows
// them, and so does the JSON Schema that editors use.
package document
