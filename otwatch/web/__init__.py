"""A record over HTTP: what Prometheus scrapes, and what people look at. Starlette says what, uvicorn how.

    latest.py      the record, read again when it was written
    pages.py       which path shows what                       guard.py    who may ask: names, passwords, and how often they are tried
    deciding.py    decisions, by those who may
    app.py         the pages behind the guard                  listening.py   sockets, TLS, and how long somebody may take

Nothing that is asked changes anything, but for what a user named by --decide decides about findings. A command that serves imports this
package late: the others start without it.
"""
