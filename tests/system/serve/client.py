"""client: texts, call trees, Push in both forms, as Python writes them: client.py URL"""
import base64
import gzip
import http.client
import json
import struct
import sys
import time
import urllib.parse

HOST = urllib.parse.urlsplit(sys.argv[1]).netloc
NOW = int(time.time())


def post(path, body, headers={}, expect=200):
    connection = http.client.HTTPConnection(HOST, timeout=20)
    connection.request("POST", path, body, headers)
    reply = connection.getresponse()
    text = reply.read().decode()
    if reply.status != expect:
        sys.exit(f"{path}: {reply.status} {text}")
    return text


def ingest(name, body, headers={}, **arguments):
    arguments.setdefault("from", NOW - 10)
    arguments.setdefault("until", NOW)
    return post("/ingest?" + urllib.parse.urlencode({"name": name, **arguments}), body, headers)


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def node(name, value, *children):
    return varint(len(name)) + name.encode() + varint(value) + varint(len(children)) + b"".join(children)


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def pprof():
    """main;pushed, 4 times."""
    texts = ["", "samples", "count", "cpu", "nanoseconds", "main", "pushed"]
    message = field(1, field(1, 1) + field(2, 2)) + field(1, field(1, 3) + field(2, 4))
    message += field(2, field(1, varint(2) + varint(1)) + field(2, varint(4) + varint(40000000)))
    for at in (1, 2):
        message += field(4, field(1, at) + field(4, field(1, at))) + field(5, field(1, at) + field(2, at + 4))
    message += b"".join(field(6, text) for text in texts)
    return message + field(9, NOW * 10**9) + field(11, field(1, 3) + field(2, 4)) + field(12, 10**7)


ingest("folded.cpu{k=v}", "main;folded 3\n")
ingest("zipped.cpu", gzip.compress(b"main;zipped 3\n"), {"Content-Encoding": "gzip"})
ingest("lines.cpu", "main;lines\nmain;lines\n", format="lines")
ingest("tree.inuse_space", node("", 0, node("main", 0, node("tree", 7))), format="tree")
ingest("trie.wall", node("", 0, node("main;t", 0, node("rie", 5), node("oo", 1))), {"Content-Type": "binary/octet-stream+trie"})
ingest("speedscope.cpu", json.dumps({
    "$schema": "https://www.speedscope.app/file-format-schema.json", "shared": {"frames": [{"name": "main"}, {"name": "scope"}]},
    "profiles": [{"type": "sampled", "name": "x", "unit": "nanoseconds", "startValue": 0, "endValue": 9, "samples": [[0, 1]], "weights": [9]}],
}), format="speedscope")

labels = [("__name__", "process_cpu"), ("service_name", "pushed"), ("job", "x")]
series = b"".join(field(1, field(1, name) + field(2, value)) for name, value in labels) + field(2, field(1, pprof()) + field(2, "u-1"))
assert post("/push.v1.PusherService/Push", field(1, series), {"Content-Type": "application/proto"}) == ""
text = json.dumps({"series": [{
    "labels": [{"name": name, "value": value + ("-json" if name == "service_name" else "")} for name, value in labels],
    "samples": [{"rawProfile": base64.b64encode(gzip.compress(pprof())).decode(), "ID": "u-2"}]}]})
assert post("/push.v1.PusherService/Push", text, {"Content-Type": "application/json", "Connect-Protocol-Version": "1"}) == "{}"
# The same again is the same profile.
assert post("/push.v1.PusherService/Push", text, {"Content-Type": "application/json"}) == "{}"
