// hot.go: goroutines on several threads, one leaf does nearly all the work.
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

//go:noinline
func inner(n int) int {
	sum := 0
	for i := 0; i < n; i++ {
		sum = (sum*31 + i) % 1000003
	}
	return sum
}

//go:noinline
func outer(n int) int {
	return inner(n) + 1
}

func main() {
	seconds, _ := strconv.ParseFloat(os.Args[1], 64)
	end := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	var group sync.WaitGroup
	sums := make([]map[string]int, 2)
	for g := 0; g < 2; g++ {
		group.Add(1)
		go func(g int) {
			defer group.Done()
			sums[g] = map[string]int{}
			for time.Now().Before(end) {
				sums[g][strconv.Itoa(len(sums[g])%64)] += outer(200000)
			}
		}(g)
	}
	group.Wait()
	fmt.Println(len(sums[0]) > 0)
}
