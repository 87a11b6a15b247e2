// client: a Go program that profiles itself and pushes as pyroscope-go does: a form with the profile
// and how its types are to be read.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"runtime/pprof"
	"time"
)

func hotInGo(until time.Time) (sum int) {
	for time.Now().Before(until) {
		for i := 0; i < 100000; i++ {
			sum += i * i % 7
		}
	}
	return sum
}

func form(profile []byte) (string, *bytes.Buffer) {
	body := new(bytes.Buffer)
	parts := multipart.NewWriter(body)
	part, _ := parts.CreateFormFile("profile", "profile.pprof")
	part.Write(profile)
	config, _ := parts.CreateFormFile("sample_type_config", "sample_type_config.json")
	io.WriteString(config, `{"samples":{"units":"samples","display-name":"cpu","sampled":true}}`)
	parts.Close()
	return parts.FormDataContentType(), body
}

func main() {
	profile := new(bytes.Buffer)
	from := time.Now()
	pprof.StartCPUProfile(profile)
	pprof.Do(context.Background(), pprof.Labels("tier", "gold"), func(context.Context) {
		hotInGo(from.Add(time.Second))
	})
	pprof.StopCPUProfile()
	kind, body := form(profile.Bytes())
	query := url.Values{"name": {"gopher{region=eu}"}, "from": {fmt.Sprint(from.Unix())},
		"until": {fmt.Sprint(time.Now().Unix())}, "spyName": {"gospy"}, "sampleRate": {"100"}}
	reply, err := http.Post(os.Args[1]+"/ingest?"+query.Encode(), kind, body)
	if err != nil || reply.StatusCode != 200 {
		fmt.Fprintln(os.Stderr, err, reply)
		os.Exit(1)
	}
}
