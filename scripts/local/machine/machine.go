package machine

import (
	"context"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/cdn"
	"github.com/presize/presize/scripts/local/gallery"
	"github.com/presize/presize/scripts/local/lambda"
	"github.com/presize/presize/scripts/local/page"
)

// Bucket is the bucket's name, Function that of the function that makes variants, Cleanup that of the one that takes them
// away, Bus that of the event bus.
const (
	Bucket   = "photos"
	Function = "resize"
	Cleanup  = "cleanup"
	Bus      = "presize"
)

// Options say what to run. Paths are absolute: the S3 server changes the working directory.
type Options struct {
	Bootstrap  string // of the function that makes variants
	Cleanup    string // bootstrap of the one that takes them away
	Presets    string // presets.yaml
	Data       string // folder of the bucket
	Ports      Ports
	Timeout    time.Duration     // of one invocation; 0: lambda's default
	Processes  int               // of each function; 0: as many as there are CPUs
	RetryWaits []time.Duration   // nil: lambda's default
	Env        map[string]string // the functions', beside and instead of what they get here
	Log        io.Writer         // the functions' lines; nil: nowhere
}

// Ports are where to listen on 127.0.0.1; 0 is any free port, and so is a port that is taken.
type Ports struct{ Page, CDN, S3, API int }

// Machine runs.
type Machine struct {
	Config  *preset.Config
	Lambda  *lambda.Lambda // makes variants
	Cleanup *lambda.Lambda // takes them away
	Gallery *gallery.Gallery
	Front   *cdn.Front
	Objects store.Objects

	Page, CDN, S3, API string   // base URLs; API is that of Lambda, CloudFront and EventBridge
	Moved              []string // what listens elsewhere than it was told, in words

	places   *places
	removals *lambda.Mapping
	ready    chan struct{} // closed when everything above is set
	bucket   *bucket.Server
	client   *s3.Client
	fronts   []*http.Server
	stop     context.CancelFunc // of what answers without an end
	serving  sync.WaitGroup
}

// Start starts everything.
func Start(ctx context.Context, options Options) (*Machine, error) {
	config, err := preset.LoadFile(options.Presets)
	if err != nil {
		return nil, err
	}
	// #nosec G118 -- the fronts outlive Start; Close cancels
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	m := &Machine{Config: config, ready: make(chan struct{}), stop: stop}
	if err := m.start(ctx, base, options); err != nil {
		stop()
		m.closeFronts()
		_ = m.closeFunctions(ctx)
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
	m.Front = cdn.New(m.Objects, m.Config)
	m.serve(base, cdnListener, m.Front)
	if m.Gallery, err = gallery.New(m.Config, m.Objects, m.CDN); err != nil {
		return err
	}
	apiListener, err := m.listen(ctx, "the API of Lambda, CloudFront and EventBridge", options.Ports.API)
	if err != nil {
		return err
	}
	m.API = "http://" + apiListener.Addr().String()
	if err := m.startFunctions(options); err != nil {
		_ = apiListener.Close()
		return err
	}
	m.serve(base, apiListener, m.api())
	pageListener, err := m.listen(ctx, "the page", options.Ports.Page)
	if err != nil {
		return err
	}
	m.Page = "http://" + pageListener.Addr().String()
	m.serve(base, pageListener, page.Handler(page.Sources{
		About: m.about(), Gallery: m.Gallery, Upload: m.Upload, Remove: m.Remove, Counters: m.counters, DeadLetters: m.deadLetters,
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

// Drain waits until every queued event of both functions has succeeded or is a dead letter.
func (m *Machine) Drain(ctx context.Context) error {
	if err := m.Lambda.Drain(ctx); err != nil {
		return err
	}
	return m.Cleanup.Drain(ctx)
}

// Close stops taking uploads, waits for the queued events until ctx ends, and stops everything. Its error says that
// events were given up.
func (m *Machine) Close(ctx context.Context) error {
	m.stop()
	_ = m.fronts[len(m.fronts)-1].Close() // the page, which takes uploads
	err := m.closeFunctions(ctx)          // before what they call
	m.closeFronts()
	if closed := m.bucket.Close(); err == nil {
		err = closed
	}
	return err
}
