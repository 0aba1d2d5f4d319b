package bucket

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"

	"github.com/presize/presize/functions/pipeline/event"
)

// How clients sign in. Nothing outside this machine reaches the server.
const (
	AccessKey = "presize"
	SecretKey = "presize-local"
	Region    = "us-east-1"
)

const (
	maxConnections      = 4096
	maxParts            = 10_000  // of a multipart upload, as on S3
	copyObjectThreshold = 5 << 30 // bytes: what CopyObject copies at most, as on S3
	startLimit          = 10 * time.Second
	closeLimit          = 2 * time.Second
	idleConnections     = 64 // that clients keep
)

// Options say what to serve, and where.
type Options struct {
	Dir     string // absolute; made when it does not exist. Objects survive a restart
	Name    string // of the bucket; made when it does not exist
	Port    int    // 0: any free port
	Changed func(event.Change)
}

// Server is a running S3 server.
type Server struct {
	api       *s3api.S3ApiServer
	backend   *posix.Posix
	port      int
	served    chan error
	transport *http.Transport // of every Client
}

// started guards the one server that a process can have.
var started atomic.Bool

// Start serves the folder. Changed is called for each object that was created or removed, before the client has its
// answer, from several goroutines: it must not block.
func Start(ctx context.Context, options Options) (*Server, error) {
	if !filepath.IsAbs(options.Dir) {
		return nil, fmt.Errorf("the bucket's folder %s is not an absolute path", options.Dir)
	}
	if options.Port != 0 && !Free(ctx, options.Port) {
		return nil, fmt.Errorf("port %d is taken", options.Port)
	}
	if !started.CompareAndSwap(false, true) {
		return nil, errors.New("this process has an S3 server already")
	}
	s := &Server{served: make(chan error, 1), transport: &http.Transport{MaxIdleConnsPerHost: idleConnections}}
	if err := s.start(ctx, options); err != nil {
		started.Store(false)
		return nil, err
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, options Options) error {
	storage, err := openStorage(options.Dir)
	if err != nil {
		return err
	}
	s.backend = storage
	root := middlewares.RootUserConfig{Access: AccessKey, Secret: SecretKey}
	account := auth.Account{Access: AccessKey, Secret: SecretKey, Role: auth.RoleAdmin}
	listening := make(chan struct{})
	s.api, err = s3api.New(storage, root, Region, auth.NewIAMServiceSingle(account), nil, nil,
		&announcer{objects: storage, changed: options.Changed}, nil,
		s3api.WithQuiet(), s3api.WithKeepAlive(), s3api.WithMpMaxParts(maxParts),
		s3api.WithConcurrencyLimiter(maxConnections, maxConnections),
		s3api.WithOnListen(func() { close(listening) }))
	if err != nil {
		return fmt.Errorf("the S3 server: %w", err)
	}
	if s.port = options.Port; s.port == 0 {
		if s.port, err = freePort(ctx); err != nil {
			return err
		}
	}
	go func() { s.served <- s.api.ServeMultiPort([]string{s.Address()}) }()
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	select {
	case <-listening:
	case err := <-s.served:
		return fmt.Errorf("the S3 server on %s: %w", s.Address(), err)
	case <-ctx.Done():
		return fmt.Errorf("the S3 server on %s: %w", s.Address(), ctx.Err())
	}
	return s.createBucket(ctx, options.Name)
}

// openStorage keeps objects as files. What S3 knows beside the bytes goes into the files' extended attributes, so that
// both change in one step; on a file system without them, it goes into a folder beside, and an object that is
// overwritten while it is read may show the one's bytes with the other's ETag.
func openStorage(dir string) (*posix.Posix, error) {
	objects, beside := filepath.Join(dir, "objects"), filepath.Join(dir, "metadata")
	for _, folder := range []string{objects, beside} {
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return nil, fmt.Errorf("the bucket's folder: %w", err)
		}
	}
	var storer meta.MetadataStorer = meta.XattrMeta{}
	if !hasAttributes(objects) {
		sidecar, err := meta.NewSideCar(beside)
		if err != nil {
			return nil, fmt.Errorf("the bucket's folder: %w", err)
		}
		storer = sidecar
	}
	storage, err := posix.New(objects, storer, posix.PosixOpts{CopyObjectThreshold: copyObjectThreshold})
	if err != nil {
		return nil, fmt.Errorf("the bucket's folder: %w", err)
	}
	return storage, nil
}

// hasAttributes tries an extended attribute: asking for one that is not there says yes on file systems that keep none.
func hasAttributes(dir string) bool {
	file, err := os.CreateTemp(dir, ".attributes")
	if err != nil {
		return false
	}
	defer func() {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}()
	return meta.XattrMeta{}.StoreAttribute(file, "", "", "probe", []byte("x")) == nil
}

// createBucket makes the bucket unless it is there.
func (s *Server) createBucket(ctx context.Context, name string) error {
	_, err := s.Client().CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name})
	var owned *types.BucketAlreadyOwnedByYou
	var exists *types.BucketAlreadyExists
	if err == nil || errors.As(err, &owned) || errors.As(err, &exists) {
		return nil
	}
	return fmt.Errorf("the bucket %s: %w", name, err)
}

// Address is host and port.
func (s *Server) Address() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)) }

// URL is what clients take as the endpoint.
func (s *Server) URL() string { return "http://" + s.Address() }

// Client is an S3 client of the server. It reads none of the machine's AWS settings.
func (s *Server) Client() *s3.Client {
	return s3.New(s3.Options{
		HTTPClient:                 &http.Client{Transport: s.transport},
		BaseEndpoint:               aws.String(s.URL()),
		UsePathStyle:               true,
		Region:                     Region,
		Credentials:                credentials.NewStaticCredentialsProvider(AccessKey, SecretKey, ""),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported, // what the config loader would set
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	})
}

// Close ends the server after the requests that are under way. Connections that a client opened and never used would
// hold it up: its own clients' are closed, others' are waited for shortly.
func (s *Server) Close() error {
	s.transport.CloseIdleConnections()
	down := make(chan error, 1)
	go func() { down <- s.api.ShutDown() }()
	var err error
	select {
	case err = <-down:
	case <-time.After(closeLimit):
	}
	s.backend.Shutdown()
	started.Store(false)
	return err
}

// freePort asks the system for a port. Nothing holds it until the server listens, which fails then and says so.
func freePort(ctx context.Context) (int, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("a free port: %w", err)
	}
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return 0, fmt.Errorf("a free port: %w", err)
	}
	return strconv.Atoi(port)
}

// Free says whether nothing listens on the port.
func Free(ctx context.Context, port int) bool {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	_ = listener.Close()
	return true
}
