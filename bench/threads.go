// threads - the peer of threads.c in Go: goroutines and package sync.
//
//	threads_go [SECONDS]
package main

import (
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

const (
	batch  = 1000
	convoy = 8
)

type game struct {
	lock    sync.Mutex
	moved   *sync.Cond
	end     time.Time
	over    bool
	turn    int
	players int
	moves   int
}

func alone(g *game) {
	for ; time.Now().Before(g.end); g.moves += batch {
		for i := 0; i < batch; i++ {
			g.lock.Lock()
			g.lock.Unlock()
		}
	}
}

//go:noinline
func step() {}

func together(g *game) {
	for over := false; !over; {
		g.lock.Lock()
		for i := 0; i < 50; i++ {
			step()
		}
		g.moves++
		if g.moves%batch == 0 {
			g.over = time.Now().After(g.end)
		}
		over = g.over
		g.lock.Unlock()
	}
}

func inTurn(g *game) {
	g.lock.Lock()
	me := g.players
	g.players++
	for ; !g.over; g.moves++ {
		for g.turn != me && !g.over {
			g.moved.Wait()
		}
		g.turn = 1 - me
		g.moved.Signal()
		if g.moves%batch == 0 && time.Now().After(g.end) {
			g.over = true
		}
	}
	g.lock.Unlock()
}

func play(name string, player func(*game), players int, each time.Duration) {
	g := &game{end: time.Now().Add(each)}
	g.moved = sync.NewCond(&g.lock)
	start := time.Now()
	var all sync.WaitGroup
	for i := 0; i < players; i++ {
		all.Add(1)
		go func() {
			player(g)
			all.Done()
		}()
	}
	all.Wait()
	fmt.Printf("%.3f %s\n", float64(time.Since(start).Nanoseconds())/float64(g.moves), name)
}

func main() {
	seconds := 0.5
	if len(os.Args) > 1 {
		seconds, _ = strconv.ParseFloat(os.Args[1], 64)
	}
	each := time.Duration(seconds * float64(time.Second))
	play("lock and unlock, nobody else there", alone, 1, each)
	play("lock and unlock, by 8 at once", together, convoy, each)
	play("a turn by condition variable", inTurn, 2, each)
}
