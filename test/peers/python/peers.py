# SPDX-License-Identifier: Apache-2.0
"""Google's OperationsClient for Python against the emulator at sys.argv[1], over gRPC and REST; driven by the control API.

Exits with 1 when a call ends otherwise than it must.
"""

import json
import sys
import urllib.request

import grpc
from google.api_core import exceptions
from google.api_core.operations_v1 import AbstractOperationsClient, OperationsClient
from google.api_core.operations_v1.transports import OperationsRestTransport
from google.auth.credentials import AnonymousCredentials
from google.rpc import error_details_pb2

BASE = sys.argv[1]
HOST = BASE.removeprefix("http://")
# Names that its REST client takes: **/operations/*
PARENT = "projects/p"
ONE, TWO = f"{PARENT}/operations/1", f"{PARENT}/operations/2"
failed = []


def control(verb, path, body=None):
    request = urllib.request.Request(
        f"{BASE}/emulator/v1{path}",
        method=verb,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def check(what, actual, expected):
    if actual != expected:
        failed.append(what)
    print(f"{'ok' if actual == expected else f'FAILED: {actual!r}, expected {expected!r}'}  {what}")


def error_of(call):
    try:
        call()
    except Exception as error:
        return error
    return None


channel = grpc.insecure_channel(HOST)
rest = OperationsRestTransport(host=BASE, credentials=AnonymousCredentials())
CLIENTS = {
    "gRPC": OperationsClient(channel),
    "REST": AbstractOperationsClient(transport=rest),
}

for protocol, client in CLIENTS.items():
    control("POST", ":reset", {})

    def get(name=ONE, timeout=20):
        return client.get_operation(name, retry=None, timeout=timeout)

    def fault(**settings):
        control("DELETE", "/faults")
        if settings:
            control("POST", "/faults", settings)

    control("POST", "/operations", {"name": ONE, "duration": "never", "cancel-delay": "0s"})
    control("POST", "/operations", {"name": TWO, "duration": "0s"})
    check(f"{protocol}: get", (get().name, get().done), (ONE, False))
    listed = client.list_operations(PARENT, filter_="", **({} if protocol == "gRPC" else {"page_size": 1}))
    check(f"{protocol}: list", [one.name for one in listed], [ONE, TWO])
    client.cancel_operation(ONE)
    check(f"{protocol}: cancel", (get().done, get().error.code), (True, 1))
    client.delete_operation(TWO)
    check(f"{protocol}: delete", type(error_of(lambda: get(TWO))), exceptions.NotFound)

    fault(kind="reset")
    error = error_of(get)
    if protocol == "gRPC":
        check("gRPC: a reset", type(error), exceptions.ServiceUnavailable)
    else:
        check("REST: a reset", "ConnectionError" in [base.__name__ for base in type(error).__mro__], True)

    fault(kind="page", status=502, body="<h1>Bad Gateway</h1>")
    page = exceptions.ServiceUnavailable if protocol == "gRPC" else exceptions.BadGateway
    check(f"{protocol}: a page", type(error_of(get)), page)

    fault(kind="delay", min="5s")
    error = error_of(lambda: get(timeout=0.2))
    if protocol == "gRPC":
        check("gRPC: a deadline", type(error), exceptions.DeadlineExceeded)
    else:
        check("REST: a deadline", "Timeout" in type(error).__name__, True)

    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "BUSY", "domain": "example.com"}
    fault(kind="error", code="UNAVAILABLE", message="Later.", details=[info], **{"retry-delay": "7s"})
    error = error_of(get)
    check(f"{protocol}: an error", type(error), exceptions.ServiceUnavailable)
    if protocol == "gRPC":
        details = {type(detail): detail for detail in error.details}
        retry, reason = details[error_details_pb2.RetryInfo].retry_delay.seconds, details[error_details_pb2.ErrorInfo].reason
    else:  # its REST client leaves them as JSON
        details = {detail["@type"].split(".")[-1]: detail for detail in error.details}
        retry, reason = int(details["RetryInfo"]["retryDelay"].removesuffix("s")), details["ErrorInfo"]["reason"]
    check(f"{protocol}: RetryInfo", retry, 7)
    check(f"{protocol}: details", reason, "BUSY")
    fault()

unserved = channel.unary_unary("/google.longrunning.Operations/NoSuchMethod")
check("gRPC: an unserved method", error_of(lambda: unserved(b"")).code(), grpc.StatusCode.UNIMPLEMENTED)
unserved = channel.unary_unary("/no.such.Service/Method")
check("gRPC: an unserved service", error_of(lambda: unserved(b"")).code(), grpc.StatusCode.UNIMPLEMENTED)
error = error_of(lambda: urllib.request.urlopen(f"{BASE}/v1/nothing:here"))
check("REST: an unserved path", error.code, 404)

print(f"{len(failed)} failed")
sys.exit(1 if failed else 0)
