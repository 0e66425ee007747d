#!/usr/bin/env python3
"""A file server for fetch_test.sh that misbehaves as it is told. Prints its port, then serves until it is killed.
usage: weights_server.py FOLDER LOG
LOG gets a line a request: path, Range, If-Range, status, bytes sent.
/cut/N/path     the connection is closed after N bytes of the answer
/norange/path   ranges are ignored, no ETag
/norangecut/N/path   both
/etag/NAME/path the ETag is NAME; If-Range with another one gets the whole file
/redirect/N/path  N redirects, then the file;  /file-redirect/path  one to file://
/status/CODE/…  that status;  /silent/…  accepts and says nothing;  /slow/path  half of it, then nothing"""
import http.server
import os
import sys
import time

ROOT, LOG = os.path.abspath(sys.argv[1]), open(sys.argv[2], "a", buffering=1)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, status, sent):
        LOG.write(f"{self.path} {self.headers.get('Range', '-')} {self.headers.get('If-Range', '-')} {status} {sent}\n")

    def answer(self, status, headers=(), body=b"", cut=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        piece = body if cut is None else body[:cut]
        self.wfile.write(piece)
        self.note(status, len(piece))
        if len(piece) < len(body):
            self.wfile.flush()
            self.close_connection = True

    def do_GET(self):
        parts = self.path.strip("/").split("/")
        cut, ranges, etag, slow = None, True, '"first"', 0
        while parts:
            word = parts[0]
            if word == "cut":
                cut, parts = int(parts[1]), parts[2:]
            elif word == "norange":
                ranges, parts = False, parts[1:]
            elif word == "norangecut":
                ranges, cut, parts = False, int(parts[1]), parts[2:]
            elif word == "etag":
                etag, parts = f'"{parts[1]}"', parts[2:]
            elif word == "slow":
                slow, parts = 1, parts[1:]
            elif word == "redirect":
                left = int(parts[1])
                goal = "/" + "/".join(parts[2:] if left <= 1 else ["redirect", str(left - 1)] + parts[2:])
                return self.answer(302, [("Location", goal)])
            elif word == "file-redirect":
                return self.answer(302, [("Location", "file:///etc/passwd")])
            elif word == "status":
                return self.answer(int(parts[1]), body=b"no")
            elif word == "silent":
                time.sleep(30)
                return None
            else:
                break
        path = os.path.join(ROOT, *parts)
        if not os.path.isfile(path):
            return self.answer(404, body=b"nothing here")
        with open(path, "rb") as file:
            body = file.read()
        wanted = self.headers.get("Range")
        changed = self.headers.get("If-Range") not in (None, etag)
        headers = [("ETag", etag)] if ranges else []
        if not ranges or wanted is None or changed:
            if slow:  # half of it, and then nothing for long
                return self.crawl(headers, body)
            return self.answer(200, headers, body, cut)
        first = int(wanted[len("bytes="):].rstrip("-"))
        if first >= len(body):
            return self.answer(416, [("Content-Range", f"bytes */{len(body)}")])
        headers.append(("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}"))
        return self.answer(206, headers, body[first:], cut)

    def crawl(self, headers, body):
        self.send_response(200)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2])
        self.wfile.flush()
        self.note(200, len(body) // 2)
        time.sleep(20)
        self.close_connection = True
        return None


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # whoever hangs up is part of the test


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
