package bucket_test

import (
	"testing"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/functions/pipeline/store/storetest"
)

// TestStoreContract runs the contract of store.Objects against S3.
func TestStoreContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) store.Objects {
		announced() // so that the channel of changes has room
		return store.NewS3(server.Client(), name)
	})
}
