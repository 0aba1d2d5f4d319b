// Package contestants holds the programs that render in the benchmark, and tests that each keeps to the protocol and to
// what was asked of everyone. scripts/bench/contest starts them.
package contestants
