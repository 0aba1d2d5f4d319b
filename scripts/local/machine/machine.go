package machine

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/presize/presize/functions/pipeline/event"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/cdn"
	"github.com/presize/presize/scripts/local/gallery"
	"github.com/presize/presize/scripts/local/lambda"
	"github.com/presize/presize/scripts/local/page"
)

// Bucket is the bucket's name, Function the function's.
const (
	Bucket   = "photos"
	Function = "resize"
)

// Options say what to run. Paths are absolute: the S3 server changes the working directory.
type Options struct {
	Bootstrap  string // of the function
	Presets    string // presets.yaml
	Data       string // folder of the bucket
	Ports      Ports
	Timeout    time.Duration     // of one invocation; 0: lambda's default
	Processes  int               // 0: as many as there are CPUs
	RetryWaits []time.Duration   // nil: lambda's default
	Env        map[string]string // the function's, beside and instead of what it gets here
	Log        io.Writer         // the function's lines; nil: nowhere
	// Removed is told of removed originals. It must not block.
	Removed func(event.Change)
}

// Ports are where to listen on 127.0.0.1; 0 is any free port, and so is a port that is taken.
type Ports struct{ Page, CDN, S3, Lambda int }

// Machine runs.
type Machine struct {
	Config  *preset.Config
	Lambda  *lambda.Lambda
	Gallery *gallery.Gallery
	Objects store.Objects

	Page, CDN, S3, API string   // base URLs; API is Lambda's
	Moved              []string // what listens elsewhere than it was told, in words

	removed func(event.Change)
	places  *places
	ready   chan struct{} // closed when everything above is set
	bucket  *bucket.Server
	client  *s3.Client
	fronts  []*http.Server
	stop    context.CancelFunc // of what answers without an end
	serving sync.WaitGroup
}

// Start starts everything.
func Start(ctx context.Context, options Options) (*Machine, error) {
	config, err := preset.LoadFile(options.Presets)
	if err != nil {
		return nil, err
	}
	// #nosec G118 -- the fronts outlive Start; Close cancels
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	m := &Machine{Config: config, removed: options.Removed, ready: make(chan struct{}), stop: stop}
	if err := m.start(ctx, base, options); err != nil {
		stop()
		m.closeFronts()
		if m.Lambda != nil {
			_ = m.Lambda.Close(ctx)
		}
		if m.bucket != nil {
			_ = m.bucket.Close()
		}
		return nil, err
	}
	close(m.ready)
	return m, nil
}

func (m *Machine) start(ctx, base context.Context, options Options) error {
	if err := m.startBucket(ctx, options); err != nil {
		return err
	}
	cdnListener, err := m.listen(ctx, "the CDN front", options.Ports.CDN)
	if err != nil {
		return err
	}
	m.CDN = "http://" + cdnListener.Addr().String()
	m.Gallery = gallery.New(m.Config, m.Objects, func(key string) string { return m.CDN + cdn.Path(key) })
	m.serve(base, cdnListener, cdn.Handler(m.Objects, m.Config.Resized))
	if m.Lambda, err = lambda.Start(m.function(options)); err != nil {
		return err
	}
	apiListener, err := m.listen(ctx, "Lambda's API", options.Ports.Lambda)
	if err != nil {
		return err
	}
	m.API = "http://" + apiListener.Addr().String()
	m.serve(base, apiListener, m.Lambda.InvokeAPI())
	pageListener, err := m.listen(ctx, "the page", options.Ports.Page)
	if err != nil {
		return err
	}
	m.Page = "http://" + pageListener.Addr().String()
	m.serve(base, pageListener, page.Handler(page.Sources{
		About: m.about(), Gallery: m.Gallery, Upload: m.Upload,
		Counters: m.Lambda.Counters, DeadLetters: m.Lambda.DeadLetters,
	}))
	return nil
}

func (m *Machine) startBucket(ctx context.Context, options Options) error {
	port := options.Ports.S3
	if port != 0 && !bucket.Free(ctx, port) {
		port = 0
	}
	server, err := bucket.Start(ctx, bucket.Options{
		Dir: filepath.Join(options.Data, "s3"), Name: Bucket, Port: port, Changed: m.changed,
	})
	if err != nil {
		return err
	}
	m.bucket, m.client, m.S3 = server, server.Client(), server.URL()
	m.Objects = store.NewS3(m.client, Bucket)
	m.moved("S3", options.Ports.S3, m.S3)
	m.places, err = newPlaces(ctx, m.Config, m.Objects)
	return err
}

// function is the function as Lambda would have it configured.
func (m *Machine) function(options Options) lambda.Function {
	env := map[string]string{
		"AWS_ACCESS_KEY_ID":     bucket.AccessKey,
		"AWS_SECRET_ACCESS_KEY": bucket.SecretKey,
		"AWS_ENDPOINT_URL_S3":   m.S3,
		"AWS_LAMBDA_LOG_FORMAT": "JSON",
		"PRESIZE_PATH_STYLE":    "true",
		"PRESIZE_PRESETS":       options.Presets,
	}
	maps.Copy(env, options.Env)
	return lambda.Function{
		Name: Function, Bootstrap: options.Bootstrap, Env: env, Region: bucket.Region,
		Timeout: options.Timeout, Processes: options.Processes, RetryWaits: options.RetryWaits,
		Observer: logged(m.Gallery.Observer(), options.Log),
	}
}

// logged also writes every line of the function to the log.
func logged(observer lambda.Observer, log io.Writer) lambda.Observer {
	if log == nil {
		return observer
	}
	var mu sync.Mutex
	tell := observer.Line
	observer.Line = func(invocation lambda.Invocation, line string) {
		mu.Lock()
		_, _ = fmt.Fprintln(log, line) // a full disk must not stop the pipeline
		mu.Unlock()
		tell(invocation, line)
	}
	return observer
}

// changed is the bucket's notification: created originals invoke the function, once for each.
func (m *Machine) changed(change event.Change) {
	<-m.ready
	switch {
	case change.Bucket != Bucket:
	case strings.HasPrefix(change.Key, m.Config.Originals):
		m.original(change)
	case strings.HasPrefix(change.Key, m.Config.Resized) && change.Kind == event.Created:
		m.Gallery.Written(context.Background(), change)
	case strings.HasPrefix(change.Key, m.Config.Resized):
		m.Gallery.Removed(change)
	}
}

func (m *Machine) original(change event.Change) {
	if change.Kind == event.Removed {
		m.places.release(change.Key)
		m.Gallery.Removed(change)
		if m.removed != nil {
			m.removed(change)
		}
		return
	}
	payload, err := event.S3Notification(change)
	if err != nil {
		panic(fmt.Sprintf("the bucket announced what is no change: %v", err))
	}
	m.places.claim(change.Key)
	id := lambda.NewID()
	if _, reason := m.Config.Classify(change.Key); reason == "" {
		m.Gallery.Uploaded(id, change)
	}
	_ = m.Lambda.EnqueueAs(id, payload) // refused only while everything stops
}

// listen takes the port, or a free one when it is taken.
func (m *Machine) listen(ctx context.Context, what string, port int) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil && port != 0 {
		listener, err = config.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	m.moved(what, port, "http://"+listener.Addr().String())
	return listener, nil
}

func (m *Machine) moved(what string, port int, url string) {
	if port != 0 && !strings.HasSuffix(url, ":"+strconv.Itoa(port)) {
		m.Moved = append(m.Moved, fmt.Sprintf("port %d is taken: %s is at %s", port, what, url))
	}
}

func (m *Machine) serve(base context.Context, listener net.Listener, handler http.Handler) {
	front := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return base },
	}
	m.fronts = append(m.fronts, front)
	m.serving.Go(func() { _ = front.Serve(listener) })
}

func (m *Machine) closeFronts() {
	for _, front := range m.fronts {
		_ = front.Close()
	}
	m.serving.Wait()
}

// Close stops taking uploads, waits for the queued events until ctx ends, and stops everything. Its error says that
// events were given up.
func (m *Machine) Close(ctx context.Context) error {
	m.stop()
	m.closeFronts()
	err := m.Lambda.Close(ctx)
	if closed := m.bucket.Close(); err == nil {
		err = closed
	}
	return err
}
