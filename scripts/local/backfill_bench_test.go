package main_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/presize/presize/scripts/local/bucket"
)

// rounds is how often everything is measured, in turns. The tables have medians.
const rounds = 3

// measured is one run of a command.
type measured struct {
	wall, cpu, server time.Duration // server: CPU of this process, which S3 is in
	memory            int64         // KiB at most
	out               string
}

// measure runs a command. A child's peak of memory, as the system hands it over, begins with its parent's; what Linux says of
// the process itself does not.
func measure(b *testing.B, command *exec.Cmd) measured {
	b.Helper()
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	before, start := ownCPU(b), time.Now()
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	m := measured{}
	ended, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		for peak := regexp.MustCompile(`VmHWM:\s+(\d+) kB`); ; {
			text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", command.Process.Pid))
			if found := peak.FindSubmatch(text); found != nil {
				m.memory, _ = strconv.ParseInt(string(found[1]), 10, 64)
			}
			select {
			case <-ended:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	err := command.Wait()
	m.wall = time.Since(start)
	close(ended)
	<-watched
	if err != nil {
		b.Fatalf("%v: %v\n%s", command.Args, err, out.String())
	}
	m.cpu = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	m.server, m.out = ownCPU(b)-before, out.String()
	return m
}

func ownCPU(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// median is the run with the middle wall time.
func median(runs []measured) measured {
	slices.SortFunc(runs, func(a, b measured) int { return cmp.Compare(a.wall, b.wall) })
	return runs[len(runs)/2]
}

func show(title string, header table.Row, rows []table.Row) {
	t := table.NewWriter()
	t.SetTitle(title)
	t.AppendHeader(header)
	t.AppendRows(rows)
	fmt.Println("\n" + t.Render())
}

// BenchmarkBackfillListing compares how fast a plan goes over a bucket with what other tools need to list it, for 2,000 and
// for 20,000 objects: a fifth are originals, each with four variants.
func BenchmarkBackfillListing(b *testing.B) {
	presets, err := os.ReadFile(filepath.Join(root, "presets.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	var rows []table.Row
	for _, objects := range []int{2_000, 20_000} {
		s := newSite(b, fmt.Sprint("listing-", objects), string(presets))
		var all []planted
		for i := range objects / (1 + len(s.config.Presets)) {
			key := s.config.Originals + place(i) + ".jpg"
			all = append(all, planted{key: key, body: []byte("original")})
			for _, p := range s.config.Presets {
				all = append(all, planted{key: s.config.PredictKeys(p, key)[0], body: []byte("variant"), metadata: mark(key, "", p.Name, "")})
			}
		}
		s.plant(b, all)
		names, commands := s.listers(b)
		runs := map[string][]measured{}
		for range rounds {
			for _, name := range names {
				runs[name] = append(runs[name], measure(b, commands[name]()))
			}
		}
		for _, name := range names {
			m := median(runs[name])
			rate := float64(objects) / m.wall.Seconds()
			rows = append(rows, table.Row{name, objects, fmt.Sprintf("%.2f s", m.wall.Seconds()), fmt.Sprintf("%.2f s", m.cpu.Seconds()), fmt.Sprintf("%.0f", rate), fmt.Sprintf("%d MiB", m.memory>>10)})
			if name == names[0] {
				b.ReportMetric(rate, fmt.Sprintf("objects/s-of-%d", objects))
			}
		}
	}
	show(fmt.Sprintf("Listing, S3 on the same %d processors, medians of %d", runtime.GOMAXPROCS(0), rounds),
		table.Row{"", "objects", "time", "CPU", "objects/s", "memory"}, rows)
}

// listers are the tools there are.
func (s *site) listers(b *testing.B) (names []string, commands map[string]func() *exec.Cmd) {
	b.Helper()
	commands = map[string]func() *exec.Cmd{}
	add := func(name string, command func() *exec.Cmd) {
		names = append(names, name)
		commands[name] = command
	}
	for _, args := range [][]string{{"plan", "--trust-listing"}, {"plan", "--trust-listing", "--parallel", "1"}} {
		add("backfill "+strings.Join(args, " "), func() *exec.Cmd {
			return s.command(b.Context(), append(args, "--sample", "0")...)
		})
	}
	for _, tool := range []struct{ name, args string }{
		{"aws", "--endpoint-url " + shared.S3 + " s3 ls --recursive s3://" + s.name},
		{"s5cmd", "--endpoint-url " + shared.S3 + " ls s3://" + s.name + "/*"},
	} {
		path, err := exec.LookPath(tool.name)
		if err != nil {
			b.Logf("%s is not there", tool.name)
			continue
		}
		_, what, _ := strings.Cut(tool.args, shared.S3+" ")
		what, _, _ = strings.Cut(what, " s3://")
		add(tool.name+" "+what, func() *exec.Cmd {
			command := s.in(exec.CommandContext(b.Context(), path, strings.Fields(tool.args)...))
			command.Env = append(command.Env, "HOME="+os.Getenv("HOME"), "AWS_DEFAULT_REGION="+bucket.Region)
			return command
		})
	}
	return names, commands
}

// BenchmarkBackfillThroughput compares how fast `run --via here` renders photos from and to S3 with the pipeline's own
// benchmark, which has them in memory: per processor, because S3 needs some of theirs here. PRESIZE_PHOTOS is how many; 2,000
// without it.
func BenchmarkBackfillThroughput(b *testing.B) {
	photos, err := strconv.Atoi(cmp.Or(os.Getenv("PRESIZE_PHOTOS"), "2000"))
	if err != nil {
		b.Fatal(err)
	}
	presets, err := os.ReadFile(filepath.Join(root, "presets.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	s := newSite(b, "throughput", string(presets))
	list, pipeline := s.corpus(b, photos), pipelineBenchmark(b)
	slow := newFront(b, s)
	slow.set(50*time.Millisecond, nil)
	ways := []struct {
		name    string
		command func(round int) *exec.Cmd
	}{
		{"the pipeline alone, in memory", func(int) *exec.Cmd {
			command := exec.CommandContext(b.Context(), pipeline, "-test.run=^$", "-test.bench=^BenchmarkPipeline$", "-test.benchtime=1x")
			command.Dir = filepath.Join(root, "functions", "pipeline")
			command.Env = append(os.Environ(), "PRESIZE_CORPUS="+list)
			return command
		}},
		{"backfill run --via here", func(round int) *exec.Cmd { return s.anew(b, shared.S3, presets, round) }},
		{"backfill run --via here, 50 ms later", func(round int) *exec.Cmd { return s.anew(b, slow.server.URL, presets, round) }},
	}
	runs := make([][]measured, len(ways))
	for round := range rounds {
		for i, way := range ways {
			m := measure(b, way.command(10*round+i))
			if i == 0 { // without its preparations
				m.wall = time.Duration(float64(photos) / rate(b, m.out) * float64(time.Second))
			} else if !strings.Contains(m.out, " 0 retries") || strings.Contains(m.out, "failed:") {
				b.Errorf("%s:\n%s", way.name, m.out)
			}
			runs[i] = append(runs[i], m)
		}
	}
	var rows []table.Row
	var best float64
	for i, way := range ways {
		m := median(runs[i])
		perCore := float64(photos) / m.cpu.Seconds()
		if i == 0 {
			best, m.server = perCore, 0
		}
		busy := (m.cpu + m.server).Seconds() / m.wall.Seconds() / float64(runtime.GOMAXPROCS(0))
		rows = append(rows, table.Row{
			way.name, fmt.Sprintf("%.1f s", m.wall.Seconds()), fmt.Sprintf("%.1f", float64(photos)/m.wall.Seconds()),
			fmt.Sprintf("%.1f s", m.cpu.Seconds()), fmt.Sprintf("%.1f s", m.server.Seconds()), fmt.Sprintf("%.0f%%", 100*busy),
			fmt.Sprintf("%.2f", perCore), fmt.Sprintf("%.0f%%", 100*perCore/best), fmt.Sprintf("%d MiB", m.memory>>10),
		})
		b.ReportMetric(perCore, []string{"pipeline/core-s", "backfill/core-s", "slow/core-s"}[i])
	}
	show(fmt.Sprintf("%d photos, S3 on the same %d processors, medians of %d", photos, runtime.GOMAXPROCS(0), rounds),
		table.Row{"", "time", "originals/s", "its CPU", "S3's CPU", "processors busy", "originals/CPU second", "of the pipeline's", "memory"}, rows)
}

// anew is a run that finds no variants: they have a prefix of their own.
func (s *site) anew(b *testing.B, endpoint string, presets []byte, round int) *exec.Cmd {
	b.Helper()
	s.setPresets(b, strings.Replace(string(presets), "resized: resized/", fmt.Sprintf("resized: resized-%d/", round), 1))
	s.endpoint = endpoint
	return s.command(b.Context(), "run", "--via", "here", "--index", "none", "--sample", "0")
}

// rate is what BenchmarkPipeline reports.
func rate(b *testing.B, out string) float64 {
	b.Helper()
	found := regexp.MustCompile(`([\d.]+) originals/s`).FindStringSubmatch(out)
	if found == nil {
		b.Fatal(out)
	}
	perSecond, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		b.Fatal(err)
	}
	return perSecond
}

// pipelineBenchmark builds the pipeline's own benchmark.
func pipelineBenchmark(b *testing.B) string {
	b.Helper()
	built := filepath.Join(b.TempDir(), "pipeline.test")
	if err := command("sh", "-c",
		`unset MAKEFLAGS MAKELEVEL && cd "$1" && settings=$(make -s env) && eval "$settings" && exec go test -c -o "$2" ./functions/pipeline`,
		"sh", root, built); err != nil {
		b.Fatal(err)
	}
	return built
}

// corpus uploads as many photos as are asked for, those of bimg's tests and of this project again and again, and gives a file
// with their paths.
func (s *site) corpus(b *testing.B, photos int) string {
	b.Helper()
	list := exec.CommandContext(b.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/h2non/bimg")
	list.Dir = root
	module, err := list.Output()
	if err != nil {
		b.Fatal(err)
	}
	var paths []string
	for _, pattern := range []string{
		filepath.Join(strings.TrimSpace(string(module)), "testdata", "*.jpg"),
		filepath.Join(strings.TrimSpace(string(module)), "testdata", "vertical.webp"),
		filepath.Join(root, "testdata", "originals", "photos", "*.jpg"),
		filepath.Join(root, "testdata", "originals", "phones", "*.jpg"),
	} {
		found, err := filepath.Glob(pattern)
		if err = errors.Join(err, need(found, pattern)); err != nil {
			b.Fatal(err)
		}
		paths = append(paths, slices.DeleteFunc(found, func(path string) bool { return filepath.Base(path) == "corrupt.jpg" })...)
	}
	var objects []planted
	var text strings.Builder
	bodies := map[string][]byte{}
	for i := range photos {
		path := paths[i%len(paths)]
		if bodies[path] == nil {
			if bodies[path], err = os.ReadFile(path); err != nil {
				b.Fatal(err)
			}
		}
		objects = append(objects, planted{key: s.config.Originals + place(i) + filepath.Ext(path), body: bodies[path]})
		text.WriteString(path + "\n")
	}
	s.plant(b, objects)
	file := filepath.Join(s.folder, "corpus")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}

func need(found []string, pattern string) error {
	if len(found) == 0 {
		return fmt.Errorf("nothing is at %s", pattern)
	}
	return nil
}
