// Package price says what AWS charges for a backfill, in US dollars: Usage counts what is paid for, Rates are what it costs,
// Estimate is the bill.
package price
