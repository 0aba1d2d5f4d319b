package engine

import (
	"fmt"
	"strings"
)

// Place is an object's or a folder's, written "s3://bucket/key".
type Place struct{ Bucket, Key string }

// ParsePlace reads "s3://bucket/key".
func ParsePlace(text string) (Place, error) {
	rest, ok := strings.CutPrefix(text, "s3://")
	bucket, key, _ := strings.Cut(rest, "/")
	if !ok || bucket == "" || key == "" {
		return Place{}, fmt.Errorf("found %q; s3://bucket/key is right", text)
	}
	return Place{bucket, key}, nil
}

// String is the place as it is written.
func (p Place) String() string { return "s3://" + p.Bucket + "/" + p.Key }

// arn is the object's in a partition: "aws", "aws-cn" or "aws-us-gov".
func (p Place) arn(partition string) string {
	return "arn:" + partition + ":s3:::" + p.Bucket + "/" + p.Key
}
