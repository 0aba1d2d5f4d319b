// Package command is the command line of the backfill: flags and their checks, tables, JSON, exit codes. What the commands do is
// in survey, price and engine.
package command
