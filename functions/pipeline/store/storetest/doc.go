// Package storetest is the contract of store.Objects as tests: every implementation passes Run.
package storetest
