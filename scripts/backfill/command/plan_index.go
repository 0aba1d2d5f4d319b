package command

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"

	"github.com/presize/presize/scripts/backfill/survey"
)

// cacheFile is where something that is remembered of a bucket stands by default: the bucket's name in front, for people, and
// a hash of what it is of.
func cacheFile(bucket, of, extension string) (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no folder for what is remembered between runs: %w", err)
	}
	sum := sha256.Sum256([]byte(of))
	return filepath.Join(folder, "presize", bucket+"-"+hex.EncodeToString(sum[:6])+extension), nil
}

// variantsPlace names the bucket of the variants and its server.
func (s *site) variantsPlace() string {
	bucket := s.Bucket
	if s.Target != "" {
		bucket = s.Target
	}
	server := s.Endpoint
	if server == "" {
		server = "AWS"
	}
	return fmt.Sprintf("bucket %q on %s", bucket, server)
}

// openIndex opens what --index names: nil for none, and where the listing is trusted.
func openIndex(flag string, at *site, trustListing bool) (*survey.Index, error) {
	if flag == "none" || trustListing {
		return nil, nil //nolint:nilnil // no index is one
	}
	place := at.variantsPlace()
	if flag == "" {
		var err error
		if flag, err = cacheFile(at.Bucket, place, ".index"); err != nil {
			return nil, fmt.Errorf("%w; give --index FILE, or none", err)
		}
	}
	return survey.OpenIndex(flag, place)
}
