package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// cloud is a moto server: AWS as far as S3, SQS, EventBridge, Lambda's settings and IAM go, in one process.
type cloud struct {
	address string
	log     string
}

// startCloud starts a moto server of its own for a test.
func startCloud(t *testing.T) *cloud {
	t.Helper()
	server := tool(t, "moto_server", "Install it: pip install 'moto[server]==5.2.1'.")
	tool(t, "aws", "Install the AWS CLI.")
	c := &cloud{log: filepath.Join(t.TempDir(), "moto.log")}
	log, err := os.Create(c.log)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.Background(), server, "-H", "127.0.0.1", "-p", "0")
	cmd.Env = append(cleanEnvironment(), "MOTO_IAM_LOAD_MANAGED_POLICIES=true")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if found := regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`).FindStringSubmatch(read(t, c.log)); found != nil {
			c.address = found[1]
			return c
		}
	}
	t.Fatalf("moto does not start:\n%s", read(t, c.log))
	return nil
}

// post speaks to moto itself.
func (c *cloud) post(path, contentType, body string) error {
	answer, err := http.Post(c.address+path, contentType, strings.NewReader(body))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("moto answers %s to %s", answer.Status, path)
	}
	return nil
}

// env lets terraform and the AWS CLI reach the server.
func (c *cloud) env() []string {
	return c.envOf("test", "test", "")
}

// envOf is env with somebody's credentials. Version 1 of the AWS CLI reads its region from another variable than the rest.
func (c *cloud) envOf(id, secret, session string) []string {
	return []string{
		"AWS_ENDPOINT_URL=" + c.address, "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=" + id, "AWS_SECRET_ACCESS_KEY=" + secret, "AWS_SESSION_TOKEN=" + session,
	}
}

// aws is the AWS CLI; it has to succeed.
func (c *cloud) aws(t *testing.T, args ...string) string {
	t.Helper()
	out, code := c.cli(t, c.env(), args...)
	if code != 0 {
		t.Fatalf("aws %s: exit code %d\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// cli is the AWS CLI with somebody's credentials. Not every version of it takes SQS's address from the environment.
func (c *cloud) cli(t *testing.T, env []string, args ...string) (output string, code int) {
	t.Helper()
	return command(t, t.TempDir(), env, "aws", append([]string{"--endpoint-url", c.address}, args...)...)
}

// upload puts an object as a user does.
func (c *cloud) upload(t *testing.T, bucket, key string) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "photo.jpg", "a photo")
	c.aws(t, "s3", "cp", "--quiet", filepath.Join(dir, "photo.jpg"), "s3://"+bucket+"/"+key)
}

// remove deletes an object as a user does.
func (c *cloud) remove(t *testing.T, bucket, key string) {
	t.Helper()
	c.aws(t, "s3", "rm", "--quiet", "s3://"+bucket+"/"+key)
}

// received takes the bodies of the messages in a queue; moto delivers at once.
func (c *cloud) received(t *testing.T, url string) []string {
	t.Helper()
	out := c.aws(t, "sqs", "receive-message", "--queue-url", url, "--max-number-of-messages", "10", "--wait-time-seconds", "1", "--output", "json")
	var answer struct{ Messages []struct{ Body string } }
	if len(bytes.TrimSpace([]byte(out))) > 0 {
		if err := json.Unmarshal([]byte(out), &answer); err != nil {
			t.Fatal(err)
		}
	}
	var bodies []string
	for _, message := range answer.Messages {
		bodies = append(bodies, message.Body)
	}
	return bodies
}
