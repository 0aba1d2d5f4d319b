// Package process holds threads to CPUs, which the processes that they start inherit, and tells the most memory that
// another process had resident.
//
// Only Linux can hold a thread to CPUs. Elsewhere Allowed gives none, and to ask for any is an error.
package process
