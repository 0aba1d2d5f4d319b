package main_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/machine"
)

// folderSize is how many originals are deleted at once.
const folderSize = 500

// TestFolderIsDeleted removes 500 originals, by the AWS CLI where there is one: nothing is left, and no invocation asks the
// CDN for more than one invalidation.
func TestFolderIsDeleted(t *testing.T) {
	m := shared
	for i := range folderSize {
		upload(t, m, fmt.Sprintf("folder/%02d/photo %d+é.png", i%20, i), square(t, i))
	}
	settled(t, m)
	if made := below(t, m, "/folder/"); len(made) != folderSize*5 {
		t.Fatalf("%d objects of %d originals", len(made), folderSize)
	}
	invocations, invalidations := m.Cleanup.Counters().Invocations, len(m.Front.Invalidations())
	start := time.Now()
	how := removeFolder(t, m, "folder/")
	settled(t, m)
	if left := below(t, m, "/folder/"); len(left) > 0 {
		t.Errorf("%d objects are left: %q", len(left), left[:min(len(left), 5)])
	}
	invoked, invalidated := m.Cleanup.Counters().Invocations-invocations, len(m.Front.Invalidations())-invalidations
	t.Logf("%d originals deleted by %s in %s: %d invocations, %d invalidations", folderSize, how, time.Since(start).Round(time.Millisecond), invoked, invalidated)
	if invalidated == 0 || invalidated > invoked || invoked > folderSize/5 {
		t.Errorf("%d invalidations by %d invocations", invalidated, invoked)
	}
	if letters := m.Cleanup.DeadLetters(); len(letters) > 0 {
		t.Errorf("dead letters: %+v", letters)
	}
}

// square is a small picture that is like no other.
func square(t *testing.T, i int) []byte {
	t.Helper()
	picture := image.NewNRGBA(image.Rect(0, 0, 4, 4))
	for at := range 16 {
		picture.Set(at%4, at/4, color.NRGBA{uint8(i), uint8(i >> 8), uint8(at), 255})
	}
	var body bytes.Buffer
	if err := png.Encode(&body, picture); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

// removeFolder deletes what is below a folder of the originals and says how.
func removeFolder(t *testing.T, m *machine.Machine, folder string) string {
	t.Helper()
	if _, err := exec.LookPath("aws"); err == nil {
		awsCLI(t, m.S3, "s3", "rm", "--recursive", "--quiet", "s3://"+machine.Bucket+"/"+m.Config.Originals+folder)
		return "aws s3 rm --recursive"
	}
	var batch []types.ObjectIdentifier
	for info, err := range m.Objects.List(t.Context(), m.Config.Originals+folder, "") {
		if err != nil {
			t.Fatal(err)
		}
		batch = append(batch, types.ObjectIdentifier{Key: aws.String(info.Key)})
	}
	if _, err := s3Client(m).DeleteObjects(t.Context(), &s3.DeleteObjectsInput{
		Bucket: aws.String(machine.Bucket), Delete: &types.Delete{Objects: batch},
	}); err != nil {
		t.Fatal(err)
	}
	return "DeleteObjects"
}

func s3Client(m *machine.Machine) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(m.S3), UsePathStyle: true, Region: bucket.Region,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: bucket.AccessKey, SecretAccessKey: bucket.SecretKey}, nil
		}),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
	})
}

// awsCLI runs the AWS CLI and gives its output.
func awsCLI(t *testing.T, endpoint string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "aws", append([]string{"--endpoint-url", endpoint}, args...)...)
	command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+bucket.AccessKey, "AWS_SECRET_ACCESS_KEY="+bucket.SecretKey,
		"AWS_DEFAULT_REGION="+bucket.Region, "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
		"PYTHONUTF8=1", "LC_ALL=C.UTF-8")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("aws %q: %v\n%s", args, err, out)
	}
	return string(out)
}
