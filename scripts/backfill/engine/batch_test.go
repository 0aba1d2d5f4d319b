package engine_test

import (
	"context"
	"encoding/xml"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/engine"
)

// createJob is the body of CreateJob by https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_CreateJob.html.
type createJob struct {
	XMLName              xml.Name `xml:"http://awss3control.amazonaws.com/doc/2018-08-20/ CreateJobRequest"`
	ConfirmationRequired bool
	LambdaInvoke         struct {
		FunctionArn, InvocationSchemaVersion string
		UserArguments                        struct {
			Entry []struct {
				Key   string `xml:"key"`
				Value string `xml:"value"`
			} `xml:"entry"`
		}
	} `xml:"Operation>LambdaInvoke"`
	Report struct {
		Bucket, Format, Prefix, ReportScope string
		Enabled                             bool
	}
	ClientRequestToken, Description, RoleArn string
	Priority                                 int
	Manifest                                 struct {
		Spec struct {
			Format string
			Fields []string `xml:"Fields>member"`
		}
		Location struct{ ObjectArn, ETag string }
	}
}

const (
	role        = "arn:aws:iam::123456789012:role/presize-batch"
	functionARN = "arn:aws:lambda:eu-central-1:123456789012:function:presize-resize:live"
)

func newJob() *engine.Job {
	return &engine.Job{
		Account: "123456789012", Role: role, Function: functionARN,
		Manifest: engine.Written{Place: engine.Place{Bucket: "jobs", Key: "a/manifest.csv"}, ETag: "5d41"},
		Report:   engine.Place{Bucket: "jobs", Key: "reports/"},
		Presets:  []string{"small", "poster"}, Confirm: true,
	}
}

// create sends a job to a stand-in for S3 Batch Operations and gives what it was sent.
func create(t *testing.T, job *engine.Job) (createJob, http.Header) {
	t.Helper()
	var sent createJob
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		header = r.Header
		if err := xml.Unmarshal(body, &sent); err != nil || r.Method != http.MethodPost || r.URL.Path != "/v20180820/jobs" {
			t.Errorf("%s %s: %v\n%s", r.Method, r.URL, err, body)
		}
		_, _ = io.WriteString(w, `<CreateJobResult><JobId>00e123a4</JobId></CreateJobResult>`)
	}))
	t.Cleanup(server.Close)
	endpoint := "http://s3-control.test"
	client := s3control.New(s3control.Options{
		Region: "eu-central-1", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
		}}},
	})
	id, err := job.Create(t.Context(), client)
	if err != nil || id != "00e123a4" {
		t.Fatalf("job %q: %v", id, err)
	}
	return sent, header
}

func TestJob(t *testing.T) {
	sent, header := create(t, newJob())
	if header.Get("X-Amz-Account-Id") != "123456789012" {
		t.Errorf("account: %q", header)
	}
	arguments := map[string]string{}
	for _, entry := range sent.LambdaInvoke.UserArguments.Entry {
		arguments[entry.Key] = entry.Value
	}
	if diff := cmp.Diff(map[string]string{"only": "stale", "presets": "small,poster"}, arguments); diff != "" {
		t.Errorf("user arguments (-want +got):\n%s", diff)
	}
	token := sent.ClientRequestToken
	if token == "" || len(token) > 64 { // AWS allows 64 characters
		t.Errorf("token %q", token)
	}
	sent.LambdaInvoke.UserArguments.Entry, sent.ClientRequestToken, sent.XMLName = nil, "", xml.Name{}
	want := createJob{ConfirmationRequired: true, Description: "presize backfill", RoleArn: role, Priority: 10}
	want.LambdaInvoke.FunctionArn, want.LambdaInvoke.InvocationSchemaVersion = functionARN, "2.0"
	want.Report.Bucket, want.Report.Prefix, want.Report.Enabled = "arn:aws:s3:::jobs", "reports", true
	want.Report.Format, want.Report.ReportScope = "Report_CSV_20180820", "FailedTasksOnly"
	want.Manifest.Spec.Format, want.Manifest.Spec.Fields = "S3BatchOperations_CSV_20180820", []string{"Bucket", "Key"}
	want.Manifest.Location.ObjectArn, want.Manifest.Location.ETag = "arn:aws:s3:::jobs/a/manifest.csv", "5d41"
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}

	// S3 answers a token that it knows with the old job, also when that has ended.
	if again, _ := create(t, newJob()); again.ClientRequestToken == token {
		t.Error("the next command has the same token")
	}
}

func TestJobOverInventory(t *testing.T) {
	job := newJob()
	job.Manifest.Inventory = true
	job.All, job.Confirm = true, false
	job.Function = strings.Replace(functionARN, "arn:aws:", "arn:aws-cn:", 1)
	sent, _ := create(t, job)
	if sent.Manifest.Spec.Format != "S3InventoryReport_CSV_20161130" || sent.Manifest.Spec.Fields != nil || sent.ConfirmationRequired ||
		sent.LambdaInvoke.UserArguments.Entry[0].Value == "stale" || sent.Manifest.Location.ObjectArn != "arn:aws-cn:s3:::jobs/a/manifest.csv" {
		t.Errorf("%+v", sent)
	}
}

func TestJobCheck(t *testing.T) {
	err := (&engine.Job{Account: "12", Role: functionARN, Function: "presize-resize"}).Check()
	for _, want := range []string{`--account is "12"`, "--role-arn is", "--function-arn is"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestOpenInventory(t *testing.T) {
	const right = `{"sourceBucket":"photos","destinationBucket":"arn:aws:s3:::inv","version":"2016-11-30","fileFormat":"CSV","fileSchema":"Bucket, Key, Size","files":[]}`
	for name, c := range map[string]struct{ content, says string }{
		"right":          {right, ""},
		"ORC":            {strings.Replace(right, "CSV", "ORC", 1), "takes CSV alone"},
		"Parquet":        {strings.Replace(right, "CSV", "Parquet", 1), "takes CSV alone"},
		"another bucket": {strings.Replace(right, "photos", "videos", 1), `of the bucket "videos"`},
		"odd columns":    {strings.Replace(right, "Bucket, Key", "Size, Key", 1), "Bucket and Key come first"},
		"a checksum":     {"d41d8cd98f00b204e9800998ecf8427e", "no manifest.json"},
		"other JSON":     {"{}", "no manifest.json"},
	} {
		t.Run(name, func(t *testing.T) {
			bucket := store.NewMemory()
			etag, _ := bucket.Put(t.Context(), "x/manifest.json", store.Object{Body: []byte(c.content)})
			place := engine.Place{Bucket: "inv", Key: "x/manifest.json"}
			written, err := engine.OpenInventory(t.Context(), bucket, place, "photos")
			if c.says != "" {
				if err == nil || !strings.Contains(err.Error(), c.says) {
					t.Errorf("error %v, want %q", err, c.says)
				}
				return
			}
			if err != nil || written != (engine.Written{Place: place, ETag: etag, Inventory: true}) {
				t.Errorf("%+v, %v", written, err)
			}
		})
	}
}

// s3Parts is S3 as far as an upload in parts needs it.
func s3Parts(t *testing.T, whole *strings.Builder, calls *[]string) *s3.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		query := r.URL.Query()
		switch {
		case query.Has("uploads"):
			*calls = append(*calls, "create")
			_, _ = io.WriteString(w, `<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>`)
		case r.Method == http.MethodPut:
			*calls = append(*calls, "put "+query.Get("partNumber"))
			whole.Write(body)
			w.Header().Set("ETag", `"e`+query.Get("partNumber")+`"`)
			if strings.Contains(string(body), "fail") {
				w.WriteHeader(http.StatusForbidden)
			}
		case r.Method == http.MethodDelete:
			*calls = append(*calls, "abort")
			w.WriteHeader(http.StatusNoContent)
		default:
			*calls = append(*calls, "complete")
			if !strings.Contains(string(body), "<PartNumber>2</PartNumber>") || !strings.Contains(string(body), "ChecksumCRC32") {
				t.Errorf("complete: %s", body)
			}
			_, _ = io.WriteString(w, `<CompleteMultipartUploadResult><ETag>"whole-2"</ETag></CompleteMultipartUploadResult>`)
		}
	}))
	t.Cleanup(server.Close)
	return s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	})
}

func TestManifest(t *testing.T) {
	const rows = "photos,originals/a%20b%2Bc.jpg\nphotos,originals/%C3%A4%2C%22.jpg\nphotos,originals/c.jpg\n"
	keys := []string{"originals/a b+c.jpg", `originals/ä,".jpg`, "originals/c.jpg"}
	for name, c := range map[string]struct {
		part  int
		keys  []string
		calls []string
		etag  string
		fails bool
	}{
		"one part":  {0, keys, []string{"put "}, "e", false},
		"two parts": {len(rows) - 25, keys, []string{"create", "put 1", "put 2", "complete"}, "whole-2", false},
		"none":      {0, nil, nil, "", false},
		"refused":   {5, []string{"a", "fail"}, []string{"create", "put 1", "put 2", "abort"}, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			var whole strings.Builder
			var calls []string
			m := &engine.Manifest{Client: s3Parts(t, &whole, &calls), Place: engine.Place{Bucket: "jobs", Key: "m.csv"}, PartBytes: c.part}
			written, err := m.Write(t.Context(), "photos", items(c.keys...))
			if diff := cmp.Diff(c.calls, calls); diff != "" || (err != nil) != c.fails {
				t.Fatalf("error %v, calls (-want +got):\n%s", err, diff)
			}
			if c.fails || c.keys == nil {
				return
			}
			if whole.String() != rows || written.ETag != c.etag || written.Originals != 3 {
				t.Errorf("%+v of\n%s", written, whole.String())
			}
		})
	}
}
