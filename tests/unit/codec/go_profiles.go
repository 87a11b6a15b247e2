// go_profiles: writes the profiles that Go's own runtime writes, for test_pprof_go.
//
//	go_profiles DIR     cpu.pb.gz with labels, and heap, allocs, block, mutex and goroutine
package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"
)

var sink [][]byte

//go:noinline
func work(n int, until time.Time) (sum int) {
	for time.Now().Before(until) {
		for i := 0; i < 100000; i++ {
			sum += i * n % 7
		}
	}
	return sum
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func contend() {
	var lock sync.Mutex
	var all sync.WaitGroup
	for i := 0; i < 4; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for k := 0; k < 20; k++ {
				lock.Lock()
				time.Sleep(100 * time.Microsecond)
				sink = append(sink, make([]byte, 20000+k))
				lock.Unlock()
			}
		}()
	}
	all.Wait()
}

func main() {
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	runtime.MemProfileRate = 512
	cpu, err := os.Create(filepath.Join(os.Args[1], "cpu.pb.gz"))
	check(err)
	check(pprof.StartCPUProfile(cpu))
	for i := 0; i < 4; i++ {
		labels := pprof.Labels("endpoint", "/v"+strconv.Itoa(i), "tenant", "t")
		pprof.Do(context.Background(), labels, func(context.Context) {
			work(i, time.Now().Add(100*time.Millisecond))
		})
	}
	contend()
	pprof.StopCPUProfile()
	check(cpu.Close())
	for _, name := range []string{"heap", "allocs", "block", "mutex", "goroutine"} {
		file, err := os.Create(filepath.Join(os.Args[1], name+".pb.gz"))
		check(err)
		check(pprof.Lookup(name).WriteTo(file, 0))
		check(file.Close())
	}
}
