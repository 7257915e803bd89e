"""The tables of `otwatch advisories` and `otwatch ageing`."""

from otwatch.outputs.tables import Column, View

ADVISORIES = View("advisories", (
    Column("label", lambda row, voice: voice.label(row.asset), brief=True),
    Column("key", lambda row, _: row.asset),
    Column("product", lambda row, _: row.product, brief=True),
    Column("firmware", lambda row, _: row.firmware, brief=True),
    Column("answer", lambda row, voice: voice.words.term("answer", row.answer), brief=True),
    Column("advisory", lambda row, _: row.advisory, brief=True),
    Column("about", lambda row, _: row.said, brief=True),
    Column("versions", lambda row, _: row.versions, brief=True),
    Column("title", lambda row, _: row.title),
    Column("cves", lambda row, _: ", ".join(row.cves)),
    Column("url", lambda row, _: row.url),
), "advisories.none")  # fmt: skip

AGEING = View("ageing", (
    Column("label", lambda row, voice: voice.label(row.asset), brief=True),
    Column("key", lambda row, _: row.asset),
    Column("old", lambda row, voice: voice.words.of(row.title), brief=True),
    Column("since", lambda row, _: row.since, brief=True),
    Column("evidence", lambda row, _: row.evidence, brief=True),
    Column("stated_by", lambda row, _: row.source),
    Column("checked", lambda row, _: row.checked),
), "ageing.none")  # fmt: skip
