"""served: a server with a store on disk, and what a test asks of it."""
import json
import pathlib
import subprocess
import time
import urllib.error
import urllib.request

VALUE = 8  # of each profile


class Server:
    def __init__(self, flyover, folder, *arguments, config=None, **more):
        self.log = open(str(folder) + ".journal", "a+")
        if config is not None:
            path = pathlib.Path(str(folder) + ".yml")
            path.write_text(config)
            arguments += ("--config", str(path))
        self.process = subprocess.Popen([flyover, "serve", "--listen", "127.0.0.1:0", "--data", str(folder), *arguments],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, **more)
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def said(self):
        return pathlib.Path(self.log.name).read_text()

    def ask(self, path, body=None, timeout=60):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, data=body), timeout=timeout) as reply:
                return reply.status, reply.read().decode(errors="replace")
        except urllib.error.HTTPError as reply:
            return reply.code, reply.read().decode(errors="replace")

    def push(self, service, at_s, extra=0):
        """One profile of VALUE ticks; the status."""
        body = f"main;work{extra % 97};step{extra} {VALUE - 3}\nmain;idle 3\n".encode()
        return self.ask(f"api/v1/profiles?service={service}&type=cpu&format=folded&from={at_s}", body)[0]

    def total(self, days=40):
        until = int(time.time()) + 3600
        status, text = self.ask(f"api/v1/profile?format=folded&type=cpu&from=now-{days}d&until={until}")
        assert status == 200, text
        return sum(int(line.rsplit(" ", 1)[1]) for line in text.splitlines())

    def metric(self, name):
        for line in self.ask("metrics")[1].splitlines():
            if line.startswith(name + " "):
                return float(line.split()[1])
        return None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(60)
        self.process.stdout.close()
        if not self.log.closed:
            self.log.close()


def store(flyover, *arguments):
    """`flyover store …`: status, and what it says as JSON (None if it says nothing)."""
    done = subprocess.run([flyover, "store", *arguments, "--json"], capture_output=True, text=True, timeout=120)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def wait_for(what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.2)
    return False
