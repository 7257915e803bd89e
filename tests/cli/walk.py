"""`python -m tests.cli.walk`: carries out command lines (JSON on standard input) one after the other, and tells what each of them says.

One process for all of them, in the language of its environment, as help and click's words are made when otwatch is imported.
"""

import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper

from otwatch.cli import run


def said(arguments: list[str]) -> dict[str, object]:
    out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        status = run(arguments)
    return {"status": status, "out": _text(out), "err": _text(err)}


def _text(stream: TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


if __name__ == "__main__":
    print(json.dumps([said(arguments) for arguments in json.load(sys.stdin)]))
