// scraped: a Go service as people have them: net/http/pprof beside what it does; its address is its first line.
package main

import (
	"fmt"
	"net"
	"net/http"
	_ "net/http/pprof"
	"runtime"
	"sync"
	"time"
)

var (
	kept   [][]byte
	drawer sync.Mutex
)

func hotInService() (sum int) {
	for i := 0; i < 3000000; i++ {
		sum += i * i % 7
	}
	return sum
}

func keepInService() {
	for i := 0; i < 16; i++ {
		kept = append(kept, make([]byte, 1<<20))
	}
	runtime.GC() // the heap's profile is that of the last collection
}

func holdInService() {
	for {
		drawer.Lock()
		time.Sleep(5 * time.Millisecond)
		drawer.Unlock()
	}
}

func main() {
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	go http.Serve(listener, nil)
	go holdInService()
	go holdInService()
	keepInService()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		hotInService()
		time.Sleep(2 * time.Millisecond)
	}
}
